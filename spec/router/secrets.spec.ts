import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryAdapter } from '../../lib/adapters/memory'
import { canaryDeployment, findCanaries } from '../support/canary'
import { makeApp, masterKey } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

const viewer = { key: 'sk-viewer', userId: 'v', role: 'internal_user' as const }

describe('B1 canaries in every credential field', () => {
  it('appear in no answer, error, log line or status of a stored model', async () => {
    const adapter = memoryAdapter()
    const { get, post, router, log } = await makeApp({ adapter, auth: { masterKey, keys: [viewer] } })
    const model = { ...canaryDeployment(), model_info: { ...canaryDeployment().model_info, id: 'a' } }
    const answers = [
      await post('/model/new', model),
      await post('/model/new', model),
      await get('/model/info'),
      await get('/model/info', 'sk-viewer'),
      await get('/model/info?litellm_model_id=a'),
      await get('/v1/model/info?litellm_model_id=a', 'sk-viewer'),
      await post('/model/new', { ...model, model_name: 5 }),
      await post('/model/new', `${JSON.stringify(model)}}`).type('json'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 200, 200, 200, 200, 422, 422])
    const left = answers.map(({ text, headers }) => text + JSON.stringify(headers))
    const listed = [...router.registry.list(), await router.registry.get('a')]
    expect(findCanaries(JSON.stringify([left, listed, log, router.registry.status()]))).toEqual([])
    // They are there, for the host alone.
    expect(findCanaries(JSON.stringify(router.registry.resolve(model.model_name))).length).toBeGreaterThan(0)
  })

  it('appear nowhere when storage fails on them', async () => {
    const model = canaryDeployment()
    const failing = { ...memoryAdapter(), create: () => Promise.reject(new Error(JSON.stringify(model))) }
    const { post, router, log } = await makeApp({ adapter: failing })
    const { status, text } = await post('/model/new', model)
    expect(status).toBe(503)
    expect(findCanaries(JSON.stringify([text, log, router.registry.status()]))).toEqual([])
  })

  it('appear nowhere when a row of the file is bad, or the file is', async () => {
    const file = join(folder, 'config.yaml')
    const good = canaryDeployment()
    const bad = { ...good, model_name: 5 }
    const odd = { ...good, litellm_params: { ...good.litellm_params, rpm: 'many' } }
    writeFileSync(file, JSON.stringify({ model_list: [good, bad, odd] }))
    const { get, router, log } = await makeApp({ config: file, configWatchMs: 10 })
    const { text } = await get('/model/info')
    expect(router.registry.status().set_aside).toHaveLength(1)
    writeFileSync(file, `${JSON.stringify({ model_list: [good] })}]`)
    await router.registry.reload()
    expect(router.registry.status().last_error?.code).toBe('invalid_config')
    expect(findCanaries(JSON.stringify([text, log, router.registry.status()]))).toEqual([])
  })

  it('the master key and other callers’ keys appear nowhere', async () => {
    const keys = [{ ...viewer, key: 'sk-canary-viewer-key' }]
    const { get, router, log } = await makeApp({ auth: { masterKey: 'sk-canary-master-key', keys } })
    const texts = await Promise.all(
      ['sk-canary-master-key', 'sk-canary-viewer-key', 'sk-canary-other-key'].map(
        async (key) => (await get('/model/info', key)).text,
      ),
    )
    expect(JSON.stringify([texts, log, router.registry.status()])).not.toContain('canary')
  })
})
