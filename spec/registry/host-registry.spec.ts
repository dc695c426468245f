import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { Caller } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { draft } from '../support/draft'
import { holding } from '../support/held'
import type { Held } from '../support/held'

const files = configFiles()
const user: Caller = { userId: 'u', role: 'internal_user', models: ['shown'] }
const keys = [{ key: 'sk-user', ...user, models: ['shown'] }]

interface Counted extends TestApp, Held {
  /** How often everything was read. */
  reads(): number
}

/** Over storage that gives no hint of a change, with models `shown` and `hidden`; it fails once `down` says so. */
async function appOver(down: () => boolean = () => false): Promise<Counted> {
  const held = await holding({ one: { model_name: 'shown' }, two: { model_name: 'hidden' } })
  const { watch: _, version: _version, revisions: _revisions, ...quiet } = held.adapter as ModelAdapter
  let count = 0
  const unless = <R>(work: () => Promise<R>): Promise<R> =>
    down() ? Promise.reject(new Error('down')) : work()
  const adapter: ModelAdapter = {
    ...quiet,
    get: (id) => unless(() => quiet.get(id)),
    list: () => unless(() => (count++, quiet.list())),
  }
  return { ...(await makeApp({ adapter, auth: { masterKey, keys } })), ...held, reads: () => count }
}

describe('a name that is looked for in storage', () => {
  it('is found where another instance added it a moment ago', async () => {
    const { router, adapter, reads } = await appOver()
    await adapter.create(draft('new'))
    const before = reads()
    expect(router.registry.resolution('smart').outcome).toBe('unknown')
    const { outcome, deployments } = await router.registry.resolveFresh('smart')
    expect([outcome, deployments.map(({ id }) => id), reads()]).toEqual(['found', ['new'], before + 1])
    expect((await router.registry.resolveFresh('smart')).outcome).toBe('found')
    expect(reads()).toBe(before + 1)
  })

  it('and is not there is not looked for again at once, but another is', async () => {
    const { router, reads } = await appOver()
    const before = reads()
    const outcomes = []
    for (const name of ['gone', 'gone', 'other', 'gone'])
      outcomes.push((await router.registry.resolveFresh(name)).outcome)
    expect([outcomes, reads()]).toEqual([['unknown', 'unknown', 'unknown', 'unknown'], before + 2])
  })

  it('is not looked for by those who may not use it', async () => {
    const { router, reads } = await appOver()
    const before = reads()
    expect([(await router.registry.resolveFresh('gone', user)).outcome, reads()]).toEqual([
      'forbidden',
      before,
    ])
  })

  it('is unknown while storage cannot be read', async () => {
    let isDown = false
    const { router } = await appOver(() => isDown)
    isDown = true
    expect((await router.registry.resolveFresh('gone')).outcome).toBe('unknown')
  })
})

describe('what the host reads', () => {
  it('is what the lists show, to it and to a caller', async () => {
    const { router, get } = await appOver()
    const { registry } = router
    expect(registry.list()).toEqual((await get('/model/info')).body.data)
    expect(registry.list(user)).toEqual((await get('/model/info', 'sk-user')).body.data)
    expect(await registry.get('one')).toEqual(registry.list()[0])
    expect(await registry.get('one', user)).toEqual(registry.list(user)[0])
    expect([await registry.get('two', user), await registry.get('gone')]).toEqual([undefined, undefined])
  })

  it('by id comes from the view where storage cannot be read, and is never called missing then', async () => {
    let isDown = false
    const { router } = await appOver(() => isDown)
    const known = await router.registry.get('one')
    isDown = true
    expect(await router.registry.get('one')).toEqual(known)
    await expect(router.registry.get('gone')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'The model store cannot be reached.',
    })
  })

  it('is read anew by a reload, from the file and from storage', async () => {
    const config = files.write({ model_list: [] })
    const { adapter } = await holding({ one: {} })
    const { watch: _, ...quiet } = adapter
    const { registry } = (await makeApp({ config, configWatchMs: 3_600_000, adapter: quiet })).router
    const model = { model_name: 'f', litellm_params: { model: 'x' }, model_info: { id: 'file' } }
    files.rewrite(config, { model_list: [model] })
    await adapter.delete('one')
    expect(registry.list().map(({ model_info: { id } }) => id)).toEqual(['one'])
    await registry.reload()
    expect(registry.list().map(({ model_info: { id } }) => id)).toEqual(['file'])
  })
})

describe('what the host creates', () => {
  const model = { model_name: 'made', litellm_params: { model: 'x' }, model_info: { id: 'new' } }

  it('is stamped with the host, or with the caller it names, who sees it as in a list', async () => {
    const { router, model: stored } = await appOver()
    const admin: Caller = { userId: 'ann', role: 'internal_user', teams: [{ id: 't', admin: true }] }
    const { id: _, ...info } = { ...model.model_info, team_id: 't' }
    expect(await router.registry.create(model)).toEqual(await router.registry.get('new'))
    const own = await router.registry.create({ ...model, model_info: info }, admin)
    expect(own).toEqual(await router.registry.get(own.model_info['id'] as string, admin))
    expect(own.model_name).toBe('made')
    const makers = [await stored('new'), await stored(own.model_info['id'] as string)]
    expect(makers.map((one) => one?.createdBy)).toEqual(['default_user_id', 'ann'])
  })

  it('is held to the schema, and to what the caller may do', async () => {
    const { router, adapter } = await appOver()
    const odd = { ...model, model_name: 5, litellm_params: { rpm: 'many' } }
    await expect(router.registry.create(odd as never)).rejects.toMatchObject({
      code: 'invalid_body',
      message:
        'The deployment does not fit schemas/model-new.json. model_name: Input should be a valid string; ' +
        'litellm_params.rpm: Input should be a valid integer, unable to parse string as an integer',
      problems: [{ loc: ['model_name'] }, { loc: ['litellm_params', 'rpm'] }],
    })
    await expect(router.registry.create(model, user)).rejects.toMatchObject({ code: 'admin_only' })
    expect(await adapter.list()).toHaveLength(2)
  })
})
