import { masterKey, makeApp } from '../support/app'
import type { TestApp } from '../support/app'

const reader = { key: 'sk-reader', userId: 'r', role: 'customer' } as const
const teamAdmin = {
  key: 'sk-team',
  userId: 't',
  role: 'internal_user',
  teams: [{ id: 'a', admin: true }],
} as const
const auth = { masterKey, keys: [reader, teamAdmin] }
/** So that lists are read to their ends. */
const limits = { maxValues: 50_000 }

const many = 49_000
const numbers = Array(many).fill(1)
const params = (litellm_params: object): object => ({ model_name: 'm', litellm_params })

/** CPU that a request takes of this process, in milliseconds: the client's part included. */
async function timed<T>(work: () => PromiseLike<T>): Promise<{ answer: T; ms: number }> {
  const before = process.cpuUsage()
  const answer = await work()
  const { user, system } = process.cpuUsage(before)
  return { answer, ms: (user + system) / 1000 }
}

/** [route, body] */
const routes: readonly (readonly ['post' | 'put' | 'patch' | 'delete', string, object | undefined])[] = [
  ['post', '/model/new', { model_name: 5 }],
  ['post', '/model/update', { model_name: 5 }],
  ['patch', '/model/a/update', { model_name: 5 }],
  ['post', '/model/delete', { id: numbers }],
  ['post', '/model/block', { model_id: numbers }],
  ['post', '/model/unblock', {}],
  ['post', '/access_group/new', { access_group: 'g', model_names: numbers }],
  ['put', '/access_group/g/update', { model_names: numbers }],
  ['post', '/schedule/model_cost_map_reload?hours=often', undefined],
]

describe('whether a caller may is said before what is wrong with what it sent', () => {
  const send = (
    { post, send: others }: TestApp,
    [method, path, body]: (typeof routes)[number],
    key: string,
  ) => (method === 'post' ? post(path, body, key) : others(method, path, body, key))

  it.each(routes)('%s %s', async (...route) => {
    const app = await makeApp({ auth, limits })
    const refused = await send(app, route, reader.key)
    expect([refused.status, refused.text.length < 400]).toEqual([403, true])
    expect((await send(app, route, masterKey)).status).toBe(422)
  })

  it('and before the body is read at all', async () => {
    const { post } = await makeApp({ auth, bodyLimit: 100 })
    const broken = post('/model/new', '{"model_name":', reader.key).type('application/json')
    expect((await broken).status).toBe(403)
    expect((await post('/model/new', params({ note: 'n'.repeat(200) }), reader.key)).status).toBe(403)
  })
})

const bodies: readonly (readonly [string, string, object])[] = [
  ['names that are numbers', '/access_group/new', { access_group: 'g', model_names: numbers }],
  ['ids that are objects', '/access_group/new', { access_group: 'g', model_ids: numbers.map(() => ({})) }],
  [
    'two lists',
    '/access_group/new',
    { access_group: 'g', model_names: numbers.slice(0, many / 2), model_ids: Array(many / 2).fill(null) },
  ],
  [
    'a wrong one at the end',
    '/access_group/new',
    { access_group: 'g', model_names: [...Array(many).fill('n'), 5] },
  ],
  ['access groups', '/model/new', { ...params({}), model_info: { access_groups: numbers } }],
  ['tags', '/model/new', params({ tags: numbers })],
  ['tiers of prices', '/model/new', params({ tiered_pricing: numbers })],
  ['a list in place of an id', '/model/delete', { id: numbers }],
  ['unknown keys', '/model/block', Object.fromEntries(numbers.map((_, at) => [`k${at}`, 1]))],
  ['a long key', '/model/new', { ...params({}), ['k'.repeat(90_000)]: '\u0000' }],
  [
    'every typed parameter',
    '/model/new',
    params({ tags: numbers, rpm: [], tpm: [], timeout: [], max_retries: [], input_cost_per_token: [] }),
  ],
]

describe('what is wrong with a body is told in bounds', () => {
  it.each(bodies)('%s', async (_what, path, body) => {
    const { post } = await makeApp({ auth, limits })
    // The schemas are compiled with the first request of a process.
    await post(path, {})
    const { answer, ms } = await timed(() => post(path, body))
    const { detail } = answer.body as { detail: { loc: (string | number)[]; msg: string }[] }
    expect(answer.status).toBe(422)
    expect([detail.length <= 50, answer.text.length <= 16 * 1024, ms < 1000]).toEqual([true, true, true])
    for (const { loc } of detail) expect(loc.every((step) => String(step).length <= 100)).toBe(true)
  })

  it('by whoever sent it: administrators of teams too', async () => {
    const { post } = await makeApp({ auth, limits })
    const { status, body } = await post('/model/new', params({ tags: numbers }), teamAdmin.key)
    expect([status, body.detail.length, body.detail[0], body.detail[49]]).toEqual([
      422,
      50,
      {
        type: 'string_type',
        loc: ['body', 'litellm_params', 'tags', 0],
        msg: 'Input should be a valid string',
      },
      { type: 'too_many_problems', loc: ['body'], msg: 'At least 2 more problems are not listed' },
    ])
  })

  it('fifty problems are all listed', async () => {
    const { post } = await makeApp({ auth, limits })
    const { body } = await post('/model/new', params({ tags: numbers.slice(0, 50) }))
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc.at(-1))).toEqual(
      numbers.slice(0, 50).map((_, at) => at),
    )
  })

  it('a name that is too long is described, and not repeated', async () => {
    const { post } = await makeApp({ auth, limits })
    const { body } = await post('/model/new', params({ ['x'.repeat(101)]: { y: '\ud800' } }))
    const loc = ['body', 'litellm_params', '(a name of 101 characters)', 'y']
    expect(body.detail).toMatchObject([{ loc }])
  })

  it('a way that is too long ends in the middle', async () => {
    const { post } = await makeApp({ auth, limits })
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ ['ä'.repeat(100)]: inner }), {
      z: '\u0000',
    })
    const { body, text } = await post('/model/new', params(deep))
    expect([body.detail[0].loc.length, body.detail[0].loc.at(-1), text.length < 16_384]).toEqual([
      17,
      '…',
      true,
    ])
  })

  it('members that are not there', async () => {
    const { post } = await makeApp({ auth, limits })
    const model_names = Array.from({ length: 20_000 }, (_, at) => `no-such-model-${at}`)
    const { status, body, text } = await post('/access_group/new', { access_group: 'g', model_names })
    expect([status, body.detail.error.slice(0, 39), text.length < 2000]).toEqual([
      400,
      'Model(s) not found: no-such-model-0, no',
      true,
    ])
  })
})
