import type { JsonValue } from '../../lib/json'
import { makeApp } from '../support/app'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const long = 'k'.repeat(257)
const tooLong = (...loc: readonly (string | number)[]): object => ({
  detail: [
    {
      type: 'string_too_long',
      loc: ['body', ...loc],
      msg: "A key should have at most 256 characters (option 'limits.maxNameLength')",
    },
  ],
})
const model = (params: object, more: object = {}): object => ({
  model_name: 'm',
  litellm_params: { model: 'x', ...params },
  ...more,
})

describe('a key longer than limits.maxNameLength', () => {
  const places: readonly [string, object, object][] = [
    ['a parameter', model({ [long]: 1 }), tooLong('litellm_params')],
    ['deep inside', model({ a: [{ b: { [long]: 1 } }] }), tooLong('litellm_params', 'a', 0, 'b')],
    ['of model_info', model({}, { model_info: { [long]: 1 } }), tooLong('model_info')],
    ['beside them', model({}, { [long]: 1 }), tooLong()],
  ]

  it.each(places)('%s is refused in a new model', async (_where, body, answer) => {
    const { get, post } = await makeApp()
    const { status, body: told } = await post('/model/new', body)
    expect([status, told]).toEqual([422, answer])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it.each(updateRoutes)('is refused in %s', async (_route, update) => {
    const held = await holding({ one: {} })
    const app = await makeApp({ adapter: held.adapter })
    const before = await held.model()
    const { status, body } = await update(app, 'one', { litellm_params: { [long]: 1 } })
    expect([status, body, await held.model()]).toEqual([422, tooLong('litellm_params'), before])
  })

  it("is refused to the host's own code", async () => {
    const { router } = await makeApp()
    const { create } = router.registry
    await expect(create(model({ [long]: 1 }) as Parameters<typeof create>[0])).rejects.toMatchObject({
      code: 'invalid_body',
      message: expect.stringContaining('litellm_params: A key should have at most 256 characters'),
    })
  })

  it('may be allowed, and one as long as the limit is', async () => {
    const { post } = await makeApp()
    expect((await post('/model/new', model({ [long.slice(1)]: 1 }))).status).toBe(200)
    const { post: postTo } = await makeApp({ limits: { maxNameLength: 257 } })
    expect((await postTo('/model/new', model({ [long]: 1 }))).status).toBe(200)
  })
})

describe('a model of long keys and many values is written in time that is proportional to its size', () => {
  const within = (value: JsonValue, keys: readonly string[]): JsonValue =>
    keys.reduce<JsonValue>((inner, key) => ({ [key]: inner }), value)
  const lists = (value: JsonValue, depth: number): JsonValue =>
    depth === 0 ? value : [lists(value, depth - 1)]
  const names = (count: number, length: number): readonly string[] =>
    Array.from({ length: count }, (_, at) => String.fromCharCode(97 + at).repeat(length))
  const ones = (count: number): JsonValue => Array<JsonValue>(count).fill(1)

  it.each<[string, JsonValue]>([
    ['a few keys of 90,000 characters', within(ones(5000), names(5, 90_000))],
    ['many levels of keys', within(ones(20_000), names(25, 256))],
    ['many levels of lists', lists(ones(20_000), 50)],
  ])('%s', async (_what, value) => {
    // Another hand has written it: a body would be refused.
    const held = await holding({ one: { litellm_params: { model: 'x', p: value } } })
    const { send, post } = await makeApp({ adapter: held.adapter, limits: { maxNameLength: 100_000 } })
    const patch = (params: object) => send('patch', '/model/one/update', { litellm_params: params })
    await patch({ tpm: 1 })
    const spent = async (work: () => PromiseLike<{ readonly status: number }>): Promise<number> => {
      const start = process.cpuUsage()
      expect((await work()).status).toBe(200)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000
    }
    expect(await spent(() => patch({ rpm: 1 }))).toBeLessThan(1000)
    // With the body itself, which the test's client writes and the server reads.
    expect(await spent(() => patch({ p: value }))).toBeLessThan(750)
    expect(await spent(() => post('/model/new', model({ p: value })))).toBeLessThan(750)
  })
})
