import fc from 'fast-check'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { Caller } from '../../lib/caller'
import type { RouterOptions } from '../../lib/options'
import { closeApps, makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'
import { allNames } from '../support/lists'
import { draft } from '../support/rows'

const files = configFiles()
const teams = ['team-a', 'team-b']
const groups = ['group-x', 'group-y']
const markers = ['all-proxy-models', 'all-team-models', 'no-default-models']
const names = ['one', 'two', 'acme/one', 'acme/two']
const patterns = ['acme/*', 'a*']
const aliasNames = ['alias-p', 'alias-q', 'one']

const some = <T>(...values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values])

interface Made {
  readonly name: string
  readonly team: string | undefined
  readonly groups: readonly string[]
  readonly blocked: boolean
}

const made: fc.Arbitrary<Made> = fc.record({
  name: fc.constantFrom(...names, ...names, ...patterns),
  team: fc.option(fc.constantFrom(...teams), { nil: undefined, freq: 1 }),
  groups: some(...groups),
  blocked: fc.boolean(),
})
const grants = some(...names, ...aliasNames, ...patterns, ...groups, ...markers, 'ours-team-a-one', 'gone')
const caller: fc.Arbitrary<Caller> = fc.record({
  userId: fc.constant('u'),
  role: fc.constantFrom(
    'internal_user',
    'team',
    'internal_user_viewer',
    'customer',
    'org_admin',
    'proxy_admin',
  ),
  models: fc.oneof(fc.constant([]), grants),
  teams: fc
    .uniqueArray(fc.record({ id: fc.constantFrom(...teams), models: fc.oneof(fc.constant([]), grants) }), {
      selector: ({ id }) => id,
    })
    .map((list) => [...list]),
})
const world = fc.record({
  rows: fc.array(made, { maxLength: 7 }),
  callers: fc.array(caller, { minLength: 5, maxLength: 5 }),
  targets: fc.array(fc.constantFrom(...names, ...patterns, 'gone', 'ours-team-a-one'), {
    minLength: 3,
    maxLength: 3,
  }),
  hidden: fc.boolean(),
  wildcards: fc.constantFrom('hide' as const, 'show' as const, 'expand' as const),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const idOf = (at: number, { team }: Made): string => `id-${team ?? 'all'}-${at}`

/** A team's row: its public name and its internal one both tell whose it is. */
function deploymentOf(
  row: Made,
  at: number,
): { model_name: string; litellm_params: object; model_info: object } {
  const { name, team, groups: access_groups } = row
  const own = team === undefined ? {} : { team_id: team, team_public_model_name: `ours-${team}-${name}` }
  return {
    model_name: team === undefined ? name : `model_name_${team}_${at}`,
    litellm_params: { model: name },
    model_info: { id: idOf(at, row), access_groups, ...own },
  }
}

async function appFor({ rows, callers, targets, hidden, wildcards }: World): Promise<TestApp> {
  const adapter = memoryAdapter()
  const stored = rows.map((row, at) => ({ row, at })).filter(({ at }) => at % 2 === 0)
  for (const { row, at } of stored)
    await adapter.create(
      draft(idOf(at, row), at, { deployment: deploymentOf(row, at) as never, blocked: row.blocked }),
    )
  const model_list = rows.flatMap((row, at) => {
    if (at % 2 === 0) return []
    const { model_info: info, ...rest } = deploymentOf(row, at)
    return [{ ...rest, model_info: { ...info, blocked: row.blocked } }]
  })
  const aliases = aliasNames.map((alias, at) => [alias, { model: targets[at], hidden: hidden && at === 0 }])
  const router_settings = { model_group_alias: Object.fromEntries(aliases) as object }
  const options: RouterOptions = {
    adapter,
    wildcards,
    config: files.write({ model_list, router_settings }),
    expandWildcard: (pattern) =>
      [...names, 'ours-team-a-one', 'ours-team-a-acme/two', 'ours-team-b-acme/one'].filter((name) =>
        new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name),
      ),
    auth: { masterKey, keys: callers.map((one, at) => ({ ...one, key: `sk-${at}` })) },
  }
  return makeApp(options)
}

const isPattern = (name: string): boolean => name.includes('*')

/** One caller in one world, over HTTP and by the host's own calls. */
async function check(app: TestApp, { rows }: World, who: Caller, key: string): Promise<void> {
  const { registry } = app.router
  const [info = [], page, group, listed = []] = await allNames(app, key)
  const callable = (name: string): string => registry.resolution(name, who).outcome
  // Pages hold no aliases and no expansions; names of teams are told to their members only.
  const isAdmin = who.role === 'proxy_admin'
  if (!isAdmin) expect(group).toEqual(info)
  for (const name of page ?? []) if (!isPattern(name)) expect(info).toContain(name)
  // F1, L1: what is missing from /v1/models is what is paused.
  expect(info.filter((name) => listed.includes(name))).toEqual(listed)
  const missing = isAdmin ? [] : info.filter((name) => !listed.includes(name))
  for (const name of listed.filter((one) => !isPattern(one)))
    expect([name, callable(name)]).toEqual([name, expect.stringMatching(/^(found|blocked)$/)])
  for (const name of missing.filter((one) => !isPattern(one)))
    // An alias goes before a model of its name, also where only its target is granted.
    expect([name, callable(name)]).toEqual([
      name,
      expect.stringMatching(aliasNames.includes(name) ? /^(found|blocked)$/ : /^blocked$/),
    ])
  // What can be called by a name of its own is in the lists; an alias is there where its own name is granted.
  const own = rows.flatMap((row, at) => {
    const { model_name: name } = deploymentOf(row, at)
    return isPattern(row.name)
      ? []
      : [name, ...(row.team === undefined ? [] : [`ours-${row.team}-${row.name}`])]
  })
  for (const name of own)
    if (
      callable(name) === 'found' &&
      !servedByPattern(app, name, who) &&
      !aliasNames.includes(name) &&
      !(isAdmin && name.startsWith('model_name_'))
    )
      expect(info).toContain(name)
  // F2
  for (const word of [...groups, ...markers]) expect(info).not.toContain(word)
  if (who.role === 'proxy_admin') return
  // F6
  const foreign = teams.filter((team) => !(who.teams ?? []).some(({ id }) => id === team))
  for (const path of [
    '/model/info',
    '/v2/model/info',
    '/model_group/info',
    '/v1/models?include_metadata=true',
  ]) {
    const { text } = await app.get(path, key)
    for (const team of foreign)
      for (const trace of [`ours-${team}`, `model_name_${team}`, `id-${team}`, `"${team}"`])
        expect([path, text.includes(trace)]).toEqual([path, false])
  }
}

/** Whether the deployments that answer are those of a pattern, which is in the lists as itself or not at all. */
function servedByPattern({ router }: TestApp, name: string, who: Caller): boolean {
  return router.registry
    .resolve(name, who)
    .flatMap(({ model_name: internal, model_info: info }) => [internal, info['team_public_model_name']])
    .some((one) => typeof one === 'string' && isPattern(one))
}

describe('what a caller sees', () => {
  it('F1 F2 F6 is the same in every list and agrees with what can be called, for 300 callers in 60 worlds', async () => {
    await fc.assert(
      fc
        .asyncProperty(world, async (given) => {
          const app = await appFor(given)
          for (const [at, who] of given.callers.entries()) await check(app, given, who, `sk-${at}`)
        })
        .afterEach(closeApps),
      { numRuns: 60, endOnFailure: true },
    )
  }, 120_000)
})
