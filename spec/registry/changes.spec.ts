import type { RegistryChange } from '../../lib/registry/changes'
import { makeApp } from '../support/app'
import { gate } from '../support/gate'
import { priced } from '../support/price-list'

describe("on('change')", () => {
  it('L5 D7 tells once of each change, after it is in effect, with the names before and after', async () => {
    const { post, send, router } = await makeApp()
    const heard: [RegistryChange, readonly string[]][] = []
    const stop = router.registry.on('change', (change) =>
      heard.push([change, router.registry.list().map((model) => model.model_name)]),
    )
    await post('/model/new', { model_name: 'one', litellm_params: {}, model_info: { id: 'a' } })
    await send('patch', '/model/a/update', { model_name: 'two' })
    await send('patch', '/model/a/update', { model_name: 'two' })
    await post('/model/delete', { id: 'a' })
    await router.registry.reload()
    stop()
    await post('/model/new', { model_name: 'unheard', litellm_params: {} })
    const row = (before: string | null, after: string | null): object => ({ id: 'a', before, after })
    expect(heard).toEqual([
      [{ ids: ['a'], rows: [row(null, 'one')], revision: 1 }, ['one']],
      [{ ids: ['a'], rows: [row('one', 'two')], revision: 2 }, ['two']],
      [{ ids: ['a'], rows: [row('two', null)], revision: 3 }, []],
    ])
  })

  it('E7 tells of all models at once when another cost map is in use', async () => {
    const { post, router } = await makeApp({ costMap: async () => priced(1) })
    await post('/model/new', { model_name: 'one', litellm_params: {} })
    const heard: RegistryChange[] = []
    router.registry.on('change', (change) => heard.push(change))
    await post('/reload/model_cost_map', {})
    expect(heard).toEqual([{ ids: 'all', rows: [], revision: 1 }])
  })

  it('a listener that throws is reported, harms no answer and keeps nobody else from hearing', async () => {
    const { post, router, log } = await makeApp()
    const heard: string[] = []
    router.registry.on('change', () => {
      throw new Error('sk-secret')
    })
    router.registry.on('change', () => heard.push('heard'))
    expect((await post('/model/new', { model_name: 'm', litellm_params: {} })).status).toBe(200)
    expect([heard, log.map(({ message }) => message)]).toEqual([
      ['heard'],
      ["a listener of the registry's changes failed"],
    ])
    expect(JSON.stringify(log)).not.toContain('sk-secret')
  })

  it('one that is async and fails is reported, and does not end the process', async () => {
    const { post, router, log } = await makeApp()
    const failed = gate()
    const listener: () => unknown = async () => {
      failed.open()
      throw new Error('sk-secret')
    }
    router.registry.on('change', listener)
    expect((await post('/model/new', { model_name: 'm', litellm_params: {} })).status).toBe(200)
    await failed.passed
    expect(log.map(({ message }) => message)).toEqual(["a listener of the registry's changes failed"])
  })

  it('one that spoils what it is told spoils it for itself only', async () => {
    const { post, router } = await makeApp()
    const heard: unknown[] = []
    router.registry.on('change', ({ ids, rows }) => {
      Object.assign(rows[0] ?? {}, { after: 'spoilt' })
      ;(ids as string[]).length = 0
    })
    router.registry.on('change', ({ ids, rows }) => heard.push(ids, rows))
    await post('/model/new', { model_name: 'm', litellm_params: {}, model_info: { id: 'a' } })
    expect(heard).toEqual([['a'], [{ id: 'a', before: null, after: 'm' }]])
  })
})
