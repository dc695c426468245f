import type { Caller } from '../../lib/caller'
import { makeApp } from '../support/app'

describe('no text takes longer than it is long', () => {
  /** Far above what linear work needs and far below what quadratic work on 100,000 characters takes. */
  const enough = 2500
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
    const began = performance.now()
    const params = { model: 'x', api_base: `https://h.example/${text}`, note: text, api_key: text }
    await post('/model/new', { model_name: text, litellm_params: params, model_info: { note: text } })
    await get('/model/info')
    expect(performance.now() - began).toBeLessThan(enough)
  })

  test('patterns and searches', async () => {
    const { get, post, router } = await makeApp()
    const pattern = '*a'.repeat(2000)
    await post('/model/new', { model_name: `${pattern}b`, litellm_params: { model: 'x' } })
    const began = performance.now()
    const caller: Caller = { userId: 'u', role: 'internal_user', models: [`${pattern}c`] }
    router.registry.resolution('a'.repeat(length), caller)
    router.registry.resolution('a'.repeat(length))
    await get(`/v2/model/info?search=${'a'.repeat(6000)}(a+)%2B$`)
    expect(performance.now() - began).toBeLessThan(enough)
  })
})
