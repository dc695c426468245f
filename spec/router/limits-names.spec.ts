import { makeApp, masterKey } from '../support/app'
import { configFiles } from '../support/config'
import { cpuMs } from '../support/cpu'
import { holding } from '../support/held'

const files = configFiles()
const model = { model_name: 'm', litellm_params: { model: 'x' } }

describe('limits.maxNameLength', () => {
  const tooLong = (...loc: (string | number)[]): object => {
    const msg = 'String should have at most 256 characters'
    return { detail: [{ type: 'string_too_long', loc: ['body', ...loc], msg }] }
  }
  const tooManyStars = (...loc: string[]): object => ({
    detail: [{ type: 'value_error', loc: ['body', ...loc], msg: 'Value error, a name has at most 4 stars' }],
  })
  const publicName = ['model_info', 'team_public_model_name']
  const long = 'x'.repeat(257)
  const refusals: readonly [string, object, object][] = [
    ['a name', { model_name: long }, tooLong('model_name')],
    ['a pattern', { model_name: `${long}*` }, tooLong('model_name')],
    ['a public name', { model_info: { team_public_model_name: long } }, tooLong(...publicName)],
    ['a group', { model_info: { access_groups: ['g', long] } }, tooLong('model_info', 'access_groups', 1)],
    ['stars', { model_name: '*'.repeat(99_000) }, tooLong('model_name')],
    ['five stars', { model_name: 'a*b*c*d*e*' }, tooManyStars('model_name')],
    ['public stars', { model_info: { team_public_model_name: '*****' } }, tooManyStars(...publicName)],
  ]

  test.each(refusals)('%s is refused in a new model and in an update', async (_what, parts, answer) => {
    const { adapter } = await holding({ one: { model_info: { team_id: 'a' } }, two: {} })
    const { post, send } = await makeApp({ adapter })
    const created = await post('/model/new', { ...model, ...parts })
    expect([created.status, created.body]).toEqual([422, answer])
    for (const id of ['one', 'two']) {
      const updated = await send('patch', `/model/${id}/update`, parts)
      expect([updated.status, updated.body]).toEqual([422, answer])
    }
  })

  test('what is just short enough is taken', async () => {
    const { post, router } = await makeApp()
    const name = 'x'.repeat(256)
    const parts = { team_id: 't'.repeat(300), team_public_model_name: 'a*b*c*d*', access_groups: [name] }
    expect((await post('/model/new', { ...model, model_name: name })).status).toBe(200)
    expect((await post('/model/new', { ...model, model_info: parts })).status).toBe(200)
    expect(router.registry.status().set_aside).toEqual([])
    expect(router.registry.resolution(name).outcome).toBe('found')
    const group = { access_group: 'g'.repeat(257), model_names: [name] }
    const refused = await post('/access_group/new', group)
    expect([refused.status, refused.body]).toEqual([422, tooLong('access_group')])
  })

  test('nobody learns of it who may not create a model', async () => {
    const keys = [{ key: 'sk-user', userId: 'u', role: 'internal_user' as const }]
    const { post } = await makeApp({ auth: { masterKey, keys } })
    expect((await post('/model/new', { ...model, model_name: long }, 'sk-user')).status).toBe(403)
  })

  test('names of before, in a file or in storage, are set aside and can be deleted', async () => {
    const aliases = { [long]: 'm', short: 'm' }
    const router_settings = { model_group_alias: aliases }
    const model_list = [model, { ...model, model_name: long }, { ...model, model_name: '*****' }]
    const { adapter } = await holding({
      one: { model_name: '*'.repeat(99_000) },
      two: { model_name: 'two' },
    })
    const config = files.write({ model_list, router_settings })
    const { get, post, router } = await makeApp({ adapter, config })
    const status = router.registry.status()
    const problems = status.set_aside.map((row) => row.problems.map(({ type, loc }) => [type, ...loc]))
    expect(problems).toEqual([
      [['string_too_long', 'model_name']],
      [['value_error', 'model_name']],
      [['string_too_long', 'model_name']],
    ])
    expect(status.warnings).toContain('a model_group_alias of more than 256 characters has no effect')
    const { body } = await get('/v1/models')
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(['m', 'two', 'short'])
    expect((await post('/model/delete', { id: 'one' })).status).toBe(200)
  })

  test('a longer limit takes them', async () => {
    const { get, post, router } = await makeApp({ limits: { maxNameLength: 257 } })
    expect((await post('/model/new', { ...model, model_name: long })).status).toBe(200)
    expect(router.registry.resolve(long)).toHaveLength(1)
    expect((await get(`/v1/models/${long}`)).status).toBe(200)
  })

  test('a longer name is unknown, to a pattern too, and costs no time', async () => {
    const model_list = ['*', 'openai/*', '*a*a*a*'].map((name) => ({
      model_name: name,
      litellm_params: {},
    }))
    const { get, router } = await makeApp({ config: files.write({ model_list }) })
    const { registry } = router
    const narrow = { userId: 'n', role: 'internal_user' as const, models: ['*a*'] }
    expect(registry.resolution('openai/x').outcome).toBe('found')
    for (const unit of ['x', '1://', 'a_://', '/', ' ', '%', '@']) {
      const name = `openai/${unit.repeat(1_000_000)}`
      const spent = await cpuMs(() => {
        expect(registry.resolution(name).outcome).toBe('unknown')
        expect(registry.resolution(name, narrow).outcome).toBe('unknown')
      })
      expect([unit, spent < 1000]).toEqual([unit, true])
      expect((await registry.resolveFresh(name)).outcome).toBe('unknown')
    }
    expect((await get(`/v1/models/openai/${long}`)).status).toBe(404)
    expect((await get(`/model_group/info?model_group=openai/${long}`)).body).toEqual({ data: [] })
  })
})
