import type { Caller } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { holding } from '../support/held'

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] | undefined ? U[] : T[K] }

const namesIn = ({ body }: { body: { data: { model_name: string }[] } }): readonly string[] =>
  body.data.map((row) => row.model_name)

const models = () => holding({ one: { model_name: 'one' }, two: { model_name: 'two' } })

describe('a caller is what it was when it was named', () => {
  it('an object that the host keeps and narrows is narrower from the next request on', async () => {
    const { adapter } = await models()
    const ann: Mutable<Caller> = { userId: 'ann', role: 'internal_user', models: ['one', 'two'] }
    const { get } = await makeApp({ adapter, auth: () => ann })
    expect(namesIn(await get('/model/info'))).toEqual(['one', 'two'])
    ann.models?.pop()
    expect(namesIn(await get('/model/info'))).toEqual(['one'])
    ann.models = ['no-default-models']
    expect(namesIn(await get('/model/info'))).toEqual([])
    ann.role = 'proxy_admin'
    expect(namesIn(await get('/model/info'))).toEqual(['one', 'two'])
    ann.role = 'internal_user'
    expect(namesIn(await get('/model/info'))).toEqual([])
  })

  it('the same in the calls of the host', async () => {
    const { adapter } = await models()
    const { router } = await makeApp({ adapter })
    const ann: Mutable<Caller> = { userId: 'ann', role: 'internal_user', models: ['one'] }
    expect(router.registry.resolution('one', ann).outcome).toBe('found')
    ann.models = ['two']
    expect(router.registry.resolution('one', ann).outcome).toBe('forbidden')
    const team: { id: string; models: string[] } = { id: 't', models: ['one'] }
    const ben: Caller = Object.freeze({ userId: 'ben', role: 'team', teams: [team] })
    expect(router.registry.resolution('one', ben).outcome).toBe('found')
    team.models[0] = 'two'
    expect(router.registry.resolution('one', ben).outcome).toBe('forbidden')
  })

  it('keys are read once: what the host changes in its list later gives nobody more', async () => {
    const { adapter } = await models()
    const ann = { key: 'sk-ann', userId: 'ann', role: 'internal_user' as Caller['role'], models: ['one'] }
    const auth = { masterKey: masterKey as string, keys: [ann] }
    const { get } = await makeApp({ adapter, auth })
    ann.models.push('two')
    ann.role = 'proxy_admin'
    auth.masterKey = 'sk-other'
    expect(namesIn(await get('/model/info', 'sk-ann'))).toEqual(['one'])
    expect((await get('/model/info', 'sk-other')).status).toBe(401)
  })

  it('a policy that is handed a caller cannot make an administrator of it', async () => {
    const ann: Caller = { userId: 'ann', role: 'internal_user', teams: [{ id: 't', admin: true }] }
    const app: TestApp = await makeApp({
      auth: () => ann,
      urlPolicy: (_url, { caller }) => {
        Object.assign(caller, { role: 'proxy_admin' })
        return true
      },
    })
    const litellm_params = { model: 'x', api_base: 'https://a.example' }
    const body = { model_name: 'm', litellm_params, model_info: { team_id: 't' } }
    expect((await app.post('/model/new', body)).status).toBe(500)
    expect([ann.role, namesIn(await app.get('/model/info'))]).toEqual(['internal_user', []])
  })

  it('one of a class of the host is read through it', async () => {
    const { adapter } = await models()
    class User {
      readonly userId = 'ann'
      get role(): Caller['role'] {
        return 'internal_user'
      }
      get models(): readonly string[] {
        return ['two']
      }
    }
    const { get } = await makeApp({ adapter, auth: () => new User() })
    expect(namesIn(await get('/model/info'))).toEqual(['two'])
  })
})

it('what the host is given of a model is its own: changing it changes nothing for others, nor in storage', async () => {
  const litellm_params = { model: 'x', api_key: 'sk-k', extra_headers: { a: 'b' }, stop: ['s'] }
  const given = { model_name: 'm', litellm_params, model_info: { tags: ['t'], nested: { a: [1] } } }
  const { adapter, deployment } = await holding({ one: given, two: { ...given, model_name: 'w/*' } })
  const { router, send } = await makeApp({ adapter })
  const { registry } = router
  const before = JSON.stringify([registry.resolve('m'), registry.resolve('w/x'), registry.list()])
  const listed = [...registry.list(), await registry.get('one')]
  for (const one of [...registry.resolve('m'), ...registry.resolve('w/x'), ...listed]) spoil(one)
  expect(JSON.stringify([registry.resolve('m'), registry.resolve('w/x'), registry.list()])).toBe(before)
  expect((await send('patch', '/model/one/update', { litellm_params: { rpm: 1 } })).status).toBe(200)
  expect(await deployment('one')).toEqual({ ...given, litellm_params: { ...litellm_params, rpm: 1 } })
})

/** Changes what can be changed, at every depth. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const member of Object.values(value)) spoil(member)
  Reflect.set(value, Array.isArray(value) ? 0 : 'api_key', 'spoilt')
}
