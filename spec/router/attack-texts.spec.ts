import type { Caller } from '../../lib/caller'
import { makeApp } from '../support/app'

describe('no text takes longer than it is long', () => {
  /** What is quadratic in this takes minutes, and runs into the time limit of a test. */
  const length = 99_000
  const texts: readonly (readonly [string, string])[] = [
    ['one letter', 'a'],
    ['blanks', ' '],
    ['slashes', '/'],
    ['schemes', 'a://'],
    ['user names', 'a:b@'],
    ['queries', '?a=b&'],
    ['quotes', '"'],
    ['brackets', '{"a":'],
    ['equals', 'a=;'],
    ['dashes', '-----BEGIN '],
    ['bearers', 'Bearer '],
    ['stars', '*a'],
    ['percents', '%25'],
    ['backslashes', '\\'],
    ['dots', 'a.'],
    ['keys', 'sk-a'],
  ]

  test.each(texts)('%s in a body, kept and read back', async (_what, piece) => {
    const text = piece.repeat(Math.floor(length / piece.length))
    const { get, post } = await makeApp()
    const params = { model: 'x', api_base: `https://h.example/${text}`, note: text, api_key: text }
    const body = { model_name: text, litellm_params: params, model_info: { note: text } }
    expect([200, 400, 422]).toContain((await post('/model/new', body)).status)
    const called = { model_name: 'm', litellm_params: { model: text } }
    expect([200, 400, 422]).toContain((await post('/model/new', called)).status)
    expect((await get('/model/info')).status).toBe(200)
  })

  test('patterns and searches', async () => {
    const { get, post, router } = await makeApp()
    const pattern = '*a'.repeat(2000)
    await post('/model/new', { model_name: `${pattern}b`, litellm_params: { model: 'x' } })
    const caller: Caller = { userId: 'u', role: 'internal_user', models: [`${pattern}c`] }
    expect(router.registry.resolution('a'.repeat(length), caller).outcome).toBe('forbidden')
    expect(router.registry.resolution('a'.repeat(length)).outcome).toBe('unknown')
    expect((await get(`/v2/model/info?search=${'a'.repeat(6000)}(a+)%2B$`)).status).toBe(422)
  })
})

describe('no list takes longer than it is long', () => {
  const many = (length: number, of: (at: number) => unknown): unknown[] =>
    Array.from({ length }, (_, at) => of(at))

  test('elements that an update renames', async () => {
    const { post, send } = await makeApp()
    const { body } = await post('/model/new', {
      model_name: 'm',
      litellm_params: { list: many(10_000, (at) => ({ id: `a${at}` })) },
    })
    const renamed = { litellm_params: { list: many(10_000, (at) => ({ id: `b${at}` })) } }
    expect((await send('patch', `/model/${body.model_id}/update`, renamed)).status).toBe(200)
  })

  test('access groups that models are in', async () => {
    const { get, post } = await makeApp()
    for (const letter of ['a', 'b', 'c', 'd', 'e', 'f'])
      await post('/model/new', {
        model_name: 'm',
        litellm_params: {},
        model_info: { access_groups: many(20_000, (at) => `${letter}${at}`) },
      })
    expect((await get('/access_group/list')).body.access_groups).toHaveLength(120_000)
  })
})
