import { writeFileSync } from 'node:fs'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { holding } from '../support/held'

const files = configFiles()
const model = (id: string, name = 'm') => ({
  model_name: name,
  litellm_params: { model: 'x' },
  model_info: { id },
})
const statusOf = async ({ get }: TestApp) => (await get('/model_management/status')).body

describe('the status of a config file', () => {
  it('L6 tells which stored models are hidden by its own, and which alias hides a model', async () => {
    const { adapter } = await holding({ same: {}, other: { model_name: 'taken' } })
    const router_settings = { model_group_alias: { taken: 'm', free: 'm' } }
    const config = files.write({ model_list: [model('same'), model('file')], router_settings })
    const status = await statusOf(
      await makeApp({ config, adapter, costMap: { x: { litellm_provider: 'a' } } }),
    )
    expect(status).toMatchObject({ rows: 3, conflicts: ['same'], rows_without_prices: 0 })
    expect(status.sources.map(({ kind, rows }: { kind: string; rows: number }) => [kind, rows])).toEqual([
      ['config', 2],
      ['adapter', 1],
    ])
    expect(status.warnings).toEqual([
      "model_group_alias 'taken' takes precedence over the model of that name while its target exists.",
      "Models added at run time are kept in 'memory': a restart loses them.",
    ])
  })

  it('L6 tells which of its models cannot be served, and so does the log', async () => {
    const config = files.write({ model_list: [{ ...model('odd'), model_name: 5 }, model('file')] })
    const app = await makeApp({ config })
    const { set_aside: setAside, rows } = await statusOf(app)
    const at = expect.stringMatching(/^config-\d+\.yaml:\d+:\d+$/) as string
    const problem = {
      type: 'string_type',
      loc: ['model_name'],
      msg: 'This is a number to YAML; put it in quotes to make it text',
    }
    const first = [{ where: at, id: null, name: null, problems: [problem] }]
    const message = 'the config file holds models that cannot be served; status tells of each why'
    expect([rows, setAside]).toEqual([1, first])
    expect(app.log).toEqual([{ level: 'warn', details: { count: 1, first }, message }])
  })

  it('names prices and limits that are no numbers, of which models', async () => {
    const model_info = { id: 'file', max_tokens: '128,000', rpm: '6', input_cost_per_token: 'much' }
    const model_list = [{ ...model('file'), model_info }]
    const { warnings } = await statusOf(await makeApp({ config: files.write({ model_list }) }))
    const told = (path: string): string =>
      `Model file: ${path} is not a number; it is shown as it is and left out of sums. Write digits, as 128000 or 0.000001.`
    expect(warnings).toEqual([
      told('model_info.max_tokens'),
      told('model_info.input_cost_per_token'),
      "Models added at run time are kept in 'memory': a restart loses them.",
    ])
  })

  it('L6 counts the models without a price', async () => {
    const config = files.write({ model_list: [model('file')] })
    const { rows_without_prices: count } = await statusOf(await makeApp({ config, costMap: {} }))
    expect(count).toBe(1)
  })

  it('I1 is degraded while it cannot be read, tells why, and is well again after', async () => {
    const config = files.write({ model_list: [model('file')] })
    const app = await makeApp({ config, configWatchMs: 3_600_000 })
    const look = async (): Promise<unknown> => {
      const { degraded, rows, last_error: error, sources } = await statusOf(app)
      expect(sources[0].last_error).toEqual(error)
      const health = (await app.get('/health/readiness', null)).body.status
      return [degraded, rows, error?.code ?? null, sources[1].last_error, health]
    }
    writeFileSync(config, 'model_list: [')
    await app.router.registry.reload()
    expect(await look()).toEqual([true, 1, 'invalid_config', null, 'degraded'])
    files.rewrite(config, { model_list: [model('file'), model('more')] })
    await app.router.registry.reload()
    expect(await look()).toEqual([false, 2, null, null, 'healthy'])
  })
})

describe('the status without a config file', () => {
  it('L6 tells of nothing but storage, and has nothing to warn of where that outlives a restart', async () => {
    const { adapter } = await holding({ one: {} })
    const status = await statusOf(await makeApp({ adapter: { ...adapter, durable: true } }))
    const { sources, set_aside, conflicts, unset_references, warnings, last_error } = status
    expect(sources.map(({ kind }: { kind: string }) => kind)).toEqual(['adapter'])
    expect([set_aside, conflicts, unset_references, warnings, last_error]).toEqual([[], [], [], [], null])
  })
  it('L6 tells where keys and limits are from', async () => {
    const key = 'sk-admin'
    const keys = [{ key, userId: 'a', role: 'proxy_admin' as const }]
    const { get } = await makeApp({ auth: { keys }, limits: { maxModels: 5 } })
    const { options } = (await get('/model_management/status', key)).body
    expect([options.auth, options.limits.origin, options.limits.value.maxModels]).toEqual([
      { value: 'keys', origin: 'option' },
      'option',
      5,
    ])
  })
})
