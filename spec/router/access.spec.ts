import type { Caller } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { lists } from '../support/lists'
import { holding } from '../support/held'

const files = configFiles()
const user = { userId: 'u', role: 'internal_user' as const }

interface Shown {
  readonly model_info: {
    readonly id: string
    readonly direct_access: boolean
    readonly access_via_team_ids: readonly string[]
  }
}

/** Two models of everybody and one of each team. */
async function appFor(callers: Readonly<Record<string, Omit<Caller, 'userId' | 'role'>>>): Promise<TestApp> {
  const ours = (id: string) => ({
    model_name: `internal-${id}`,
    model_info: { team_id: id, team_public_model_name: 'ours' },
  })
  const { adapter } = await holding({
    one: { model_name: 'one' },
    two: { model_name: 'two' },
    a: ours('a'),
    b: ours('b'),
  })
  const keys = Object.entries(callers).map(([key, caller]) => ({ key: `sk-${key}`, ...user, ...caller }))
  return makeApp({ adapter, auth: { masterKey, keys } })
}

async function accessOf({ get }: TestApp, key: string): Promise<readonly unknown[]> {
  const { body } = await get('/model/info', `sk-${key}`)
  return (body.data as readonly Shown[]).map(({ model_info: info }) => [
    info.id,
    info.direct_access,
    info.access_via_team_ids,
  ])
}

/** [what the caller has, id, direct_access and access_via_team_ids of each model in the list] */
const accesses: readonly (readonly [string, Omit<Caller, 'userId' | 'role'>, readonly unknown[]])[] = [
  [
    'nothing special',
    {},
    [
      ['one', true, []],
      ['two', true, []],
    ],
  ],
  ['a name', { models: ['one'] }, [['one', true, []]]],
  [
    'a team without a list',
    { teams: [{ id: 'a' }] },
    [
      ['one', true, []],
      ['two', true, []],
      ['a', false, ['a']],
    ],
  ],
  [
    'a team with a list',
    { teams: [{ id: 'a', models: ['two'] }] },
    [
      ['two', false, ['a']],
      ['a', false, ['a']],
    ],
  ],
  [
    'two teams, one with a list',
    { teams: [{ id: 'a', models: ['two', 'ours'] }, { id: 'b' }] },
    [
      ['one', true, []],
      ['two', true, ['a']],
      ['a', false, ['a']],
      ['b', false, ['b']],
    ],
  ],
  [
    'all-team-models in a team without a list',
    { models: ['all-team-models'], teams: [{ id: 'a' }] },
    [
      ['one', true, []],
      ['two', true, []],
      ['a', false, ['a']],
    ],
  ],
  [
    'all-team-models and a name',
    { models: ['all-team-models', 'one'], teams: [{ id: 'a', models: ['two'] }] },
    [
      ['one', true, []],
      ['two', false, ['a']],
      ['a', false, ['a']],
    ],
  ],
]

describe('F1 how a caller may use what is seen', () => {
  it.each(accesses)('with %s', async (_what, caller, shown) => {
    expect(await accessOf(await appFor({ caller }), 'caller')).toEqual(shown)
  })

  it('is told to each caller as it is, whoever asked before', async () => {
    const app = await appFor(Object.fromEntries(accesses.map(([what, caller]) => [what, caller])))
    for (const [what, , shown] of [...accesses, ...accesses]) expect(await accessOf(app, what)).toEqual(shown)
  })

  it('a viewer sees what an administrator sees, byte for byte', async () => {
    const { adapter } = await holding({ one: {}, a: { model_info: { team_id: 'a' } } })
    const keys = [{ key: 'sk-viewer', userId: 'v', role: 'proxy_admin_viewer' as const }]
    const { get } = await makeApp({ adapter, auth: { masterKey, keys } })
    for (const [path] of lists) expect((await get(path, 'sk-viewer')).text).toBe((await get(path)).text)
  })
})

describe('F6 what one of several teams may use', () => {
  it('is what is everybody’s and on its list, and its own', async () => {
    const { get } = await appFor({ both: { teams: [{ id: 'a', models: ['two', 'ours'] }, { id: 'b' }] } })
    const idsFor = async (team: string): Promise<unknown> => {
      const { body } = await get(`/v2/model/info?teamId=${team}`, 'sk-both')
      return body.data.map(({ model_info: info }: Shown) => info.id)
    }
    expect([await idsFor('a'), await idsFor('b')]).toEqual([
      ['two', 'a'],
      ['one', 'two', 'b'],
    ])
  })

  it('is not mixed up with what all of them may use, whichever was asked for first', async () => {
    const { get } = await appFor({ both: { teams: [{ id: 'a', models: ['two', 'ours'] }, { id: 'b' }] } })
    const counts: number[] = []
    for (const query of ['', '?teamId=a', '?teamId=b', '?teamId=a', ''])
      counts.push((await get(`/model/info${query}`, 'sk-both')).body.data.length)
    expect(counts).toEqual([4, 2, 3, 2, 4])
  })
})

/** For a config file. */
const model = (id: string, info: object) => ({
  model_name: `internal-${id}`,
  litellm_params: { model: 'x' },
  model_info: { id, team_public_model_name: `public-${id}`, ...info },
})

describe('a model with a public name', () => {
  /** Who finds it by its internal name, who by its public one. */
  async function foundBy(id: string): Promise<Readonly<Record<string, readonly boolean[]>>> {
    const config = files.write({ model_list: [model('own', { team_id: 't' }), model('free', {})] })
    const { registry } = (await makeApp({ config })).router
    const found = (caller?: Caller): readonly boolean[] =>
      [`internal-${id}`, `public-${id}`].map((name) => registry.resolve(name, caller).length === 1)
    return { host: found(), member: found({ ...user, teams: [{ id: 't' }] }), other: found(user) }
  }

  it('of a team answers its members by both names, the host by the internal one', async () => {
    expect(await foundBy('own')).toEqual({
      host: [true, false],
      member: [true, true],
      other: [false, false],
    })
  })

  it('of no team answers to both', async () => {
    const both = [true, true]
    expect(await foundBy('free')).toEqual({ host: both, member: both, other: both })
  })
})

describe('a name that is a team’s own and everybody’s', () => {
  it('means the team’s to its members, and the other to whoever is not one', async () => {
    const everybodys = { model_name: 'ours', litellm_params: { model: 'x' }, model_info: { id: 'free' } }
    const config = files.write({
      model_list: [everybodys, model('own', { team_public_model_name: 'ours', team_id: 't' })],
    })
    const { registry } = (await makeApp({ config })).router
    const called = (caller?: Caller) => registry.resolve('ours', caller).map(({ id }) => id)
    const member = { ...user, teams: [{ id: 't' }] }
    expect([called(member), called(user), called()]).toEqual([['own'], ['free'], ['free']])
  })
})

it('a fallback is told to whoever sees it, or a pattern that it fits', async () => {
  const config = files.write({
    model_list: ['plain', 'acme/*', 'hidden'].map((model_name) => ({ model_name, litellm_params: {} })),
    router_settings: { fallbacks: [{ plain: ['hidden', 'acme/x', 'other/x'] }] },
  })
  const keys = [{ key: 'sk-user', ...user, models: ['plain', 'acme/*'] }]
  const { get } = await makeApp({ config, wildcards: 'show', auth: { masterKey, keys } })
  const { body } = await get('/v1/models/plain?include_metadata=true', 'sk-user')
  expect(body.metadata).toEqual({ fallbacks: ['acme/x'] })
  expect((await get('/v1/models/plain', 'sk-user')).body.metadata).toBeUndefined()
})
