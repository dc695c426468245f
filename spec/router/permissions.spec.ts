import { permissions } from '../../lib/registry/permissions'
import type { Action } from '../../lib/registry/permissions'
import type { Caller, CallerTeam, Role } from '../../lib/caller'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'
import { holding } from '../support/held'

const key = 'sk-caller'
const roles = Object.keys(permissions) as readonly Role[]
const actions = Object.keys(permissions.proxy_admin) as readonly Action[]

interface Reached {
  /** The team of the row; null for none. */
  readonly team: string | null
  readonly teams: readonly CallerTeam[]
}

const scopes: readonly (readonly [string, Reached])[] = [
  ['a row of a team he administers', { team: 'own', teams: [{ id: 'own', admin: true }] }],
  ['a row of a team he is a member of', { team: 'own', teams: [{ id: 'own' }] }],
  ['a row of another team', { team: 'other', teams: [{ id: 'own', admin: true }] }],
  ['a row of no team', { team: null, teams: [{ id: 'own', admin: true }] }],
]

type Outcome = 'done' | 'forbidden' | 'unknown'

/** What the table of permissions makes of one attempt. */
function outcomeOf(role: Role, action: Action, { team, teams }: Reached): Outcome {
  const reach = permissions[role][action]
  if (reach === 'all') return 'done'
  const administered = teams.filter(({ admin }) => admin === true).map(({ id }) => id)
  if (reach === 'none' || administered.length === 0) return 'forbidden'
  if (team !== null && administered.includes(team)) return 'done'
  // A row that the caller does not see is not even forbidden.
  return team === 'other' && action !== 'create' ? 'unknown' : 'forbidden'
}

type Attempt = (app: TestApp, info: object, id?: string) => ReturnType<TestApp['post']>

const attempts: Readonly<Record<Action, Attempt>> = {
  create: ({ post }, info) =>
    post('/model/new', { model_name: 'n', litellm_params: {}, model_info: info }, key),
  update: ({ send }, _info, id = 'one') => send('patch', `/model/${id}/update`, { litellm_params: {} }, key),
  delete: ({ post }, _info, id = 'one') => post('/model/delete', { id }, key),
  block: ({ post }, _info, id = 'one') => post('/model/block', { model_id: id }, key),
  group: ({ post }, _info, id = 'one') =>
    post('/access_group/new', { access_group: 'g', model_ids: [id] }, key),
  cost_map: ({ send }) => send('delete', '/schedule/model_cost_map_reload', undefined, key),
  publish: ({ post }) => post('/model_group/make_public', { model_groups: [] }, key),
  status: ({ get }) => get('/model_management/status', key),
}

const unknownStatus: Readonly<Partial<Record<Action, number>>> = { update: 404, delete: 400, block: 404 }

async function appFor(role: Role, { team, teams }: Reached): Promise<{ app: TestApp; info: object }> {
  const caller: Caller = { userId: 'u', role, teams }
  const info = team === null ? {} : { team_id: team }
  const { adapter } = await holding({ one: { model_info: info } })
  return { app: await makeApp({ adapter, auth: { masterKey, keys: [{ key, ...caller }] } }), info }
}

const table = roles.flatMap((role) =>
  actions.flatMap((action) =>
    scopes.map(([what, reached]) => [role, action, what, outcomeOf(role, action, reached), reached] as const),
  ),
)

describe('F7 who may do what', () => {
  it.each(table)('%s, %s, %s: %s', async (role, action, _what, outcome, reached) => {
    const { app, info } = await appFor(role, reached)
    const { status } = await attempts[action](app, info)
    const expected = { done: 200, forbidden: 403, unknown: unknownStatus[action] }[outcome]
    expect(status).toBe(expected)
  })

  const closed = roles.flatMap((role) =>
    (['update', 'delete', 'block', 'group'] as const)
      .filter((action) => permissions[role][action] === 'none')
      .map((action) => [role, action] as const),
  )

  it.each(closed)('%s, %s: what exists is not told apart from what does not', async (role, action) => {
    const { app, info } = await appFor(role, { team: 'own', teams: [{ id: 'own', admin: true }] })
    const existing = await attempts[action](app, info)
    const other = await attempts[action](app, info, 'gone')
    expect([other.status, other.text]).toEqual([403, existing.text])
  })
})

describe('F7 an administrator of one team who is a member of another', () => {
  const teams = [{ id: 'own', admin: true }, { id: 'joined' }]

  it.each(['create', 'update', 'delete'] as const)('%s of a model of the other is 403', async (action) => {
    const { app, info } = await appFor('internal_user', { team: 'joined', teams })
    const before = await app.get('/model/info')
    const { status, text } = await attempts[action](app, info)
    expect([status, text]).toEqual([
      403,
      expect.stringContaining("Team ID=joined does not match the API key's teams, or you are not the admin"),
    ])
    expect((await app.get('/model/info')).text).toBe(before.text)
  })
})

describe('F7 an administrator of several teams', () => {
  const teams = [{ id: 'joined' }, { id: 'own', admin: true }, { id: 'another', admin: true }]
  const reached = { team: 'own', teams }

  it.each(['create', 'update', 'delete'] as const)('%s of a model of one of them is done', async (action) => {
    const { app, info } = await appFor('internal_user', reached)
    expect((await attempts[action](app, info)).status).toBe(200)
  })
})

describe('F7 a member of a team', () => {
  const reached = { team: 'own', teams: [{ id: 'own' }] }

  it.each(['update', 'delete'] as const)(
    '%s: what exists is not told apart from what does not',
    async (to) => {
      const { app, info } = await appFor('internal_user', reached)
      const [existing, other] = [await attempts[to](app, info), await attempts[to](app, info, 'gone')]
      expect([existing.status, other.status, other.text]).toEqual([403, 403, existing.text])
    },
  )
})

describe('F7 an administrator of a team pauses none of its models', () => {
  const reached = { team: 'own', teams: [{ id: 'own', admin: true }] }
  const answer = {
    error: {
      message: "Only proxy admins can change a model's blocked flag.",
      type: 'permission_error',
      param: 'blocked',
      code: '403',
    },
  }

  it.each<[string, Attempt]>([
    [
      'by creating one that is',
      ({ post }, model_info) =>
        post('/model/new', { model_name: 'n', litellm_params: {}, model_info, blocked: true }, key),
    ],
    [
      'by an update',
      ({ send }) => send('patch', '/model/one/update', { model_info: { blocked: true } }, key),
    ],
  ])('%s', async (_how, attempt) => {
    const { app, info } = await appFor('internal_user', reached)
    const before = await app.get('/model/info')
    const { status, body } = await attempt(app, info)
    expect([status, body]).toEqual([403, answer])
    expect((await app.get('/model/info')).text).toBe(before.text)
  })
})

describe('a refusal', () => {
  const admin = { team: null, teams: [{ id: 'own', admin: true }] }
  const nobody = { team: null, teams: [] }
  const noPermission = (role: Role): string =>
    `User does not have permission to make this model call. Your role=${role}. You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.`
  const error = (message: string, param: string | null = null): object => ({
    error: { message, type: 'permission_error', param, code: '403' },
  })
  const viewOnly = 'View-only users cannot manage models.'

  it.each<[string, Role, Action, Reached, object]>([
    ['create', 'internal_user', 'create', nobody, error(noPermission('internal_user'))],
    ['delete', 'team', 'delete', admin, error(noPermission('team'))],
    ['update', 'customer', 'update', nobody, { detail: { error: noPermission('customer') } }],
    ['create by a viewer', 'proxy_admin_viewer', 'create', nobody, error(viewOnly)],
    ['update by a viewer', 'internal_user_viewer', 'update', nobody, { detail: viewOnly }],
    [
      'block',
      'org_admin',
      'block',
      admin,
      error("Only proxy admins can change a model's blocked flag.", 'blocked'),
    ],
    [
      'create in a team of others',
      'internal_user',
      'create',
      { team: 'other', teams: admin.teams },
      error(
        "Team ID=other does not match the API key's teams, or you are not the admin for this team.",
        'model_info.team_id',
      ),
    ],
    [
      'group',
      'org_admin',
      'group',
      admin,
      { detail: { error: 'Access denied. Admin role required. Current role: org_admin' } },
    ],
    [
      'status by a viewer',
      'internal_user_viewer',
      'status',
      nobody,
      { detail: { error: 'Access denied. Admin role required. Current role: internal_user_viewer' } },
    ],
    [
      'cost map by a viewer',
      'proxy_admin_viewer',
      'cost_map',
      nobody,
      { detail: 'Access denied. Admin role required. Current role: proxy_admin_viewer' },
    ],
  ])('to %s is told in LiteLLM’s words', async (_what, role, action, reached, answer) => {
    const { app, info } = await appFor(role, reached)
    const { status, body } = await attempts[action](app, info)
    expect([status, body]).toEqual([403, answer])
  })
})
