import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { JsonObject } from '../../lib/json'
import { costMapBench, priceOf } from '../support/cost-map'

const { keeper, serve, closeAll } = costMapBench()
const folder = mkdtempSync(join(tmpdir(), 'cost-map-keeper-'))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

afterEach(closeAll)
afterAll(() => rmSync(folder, { recursive: true }))

describe('E5 without a request for more', () => {
  test('the dated bundle is there at once and nothing is fetched', async () => {
    const original = globalThis.fetch
    const asked: unknown[] = []
    globalThis.fetch = (...request) => {
      asked.push(request)
      return Promise.reject(new Error('no network'))
    }
    try {
      const local = keeper()
      expect(priceOf(local)).toBe(3e-5)
      expect(local.current()).toBe(local.current())
      await local.reload()
      keeper({ env: { LITELLM_MODEL_COST_MAP_URL: '' } })
      expect(asked).toEqual([])
      expect(local.status()).toEqual({
        source: 'local',
        url: null,
        is_env_forced: false,
        fallback_reason: null,
        loaded_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        source_revision: null,
        model_count: local.current().size,
        bundled_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
      })
    } finally {
      globalThis.fetch = original
    }
  })

  test('LITELLM_LOCAL_MODEL_COST_MAP keeps a URL and a function from being asked, and an object in force', async () => {
    let hits = 0
    const url = await serve((_, res) => {
      hits += 1
      res.end('{}')
    })
    const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_MODEL_COST_MAP_URL: url }
    const load = () => {
      hits += 1
      return Promise.resolve({})
    }
    for (const costMap of [undefined, url, load]) {
      const forced = keeper({ env, costMap })
      await forced.reload()
      expect(forced.status()).toMatchObject({ source: 'local', url: null, is_env_forced: true })
    }
    expect(hits).toBe(0)
    expect(priceOf(keeper({ env, costMap: { 'gpt-4': { input_cost_per_token: 1 } } }))).toBe(1)
  })
})

describe("the host's own map", () => {
  test("an object's fields are laid over the bundled entry", () => {
    const given = { 'gpt-4': { input_cost_per_token: 0 }, mine: { mode: 'chat' } }
    const own = keeper({ costMap: given })
    given['gpt-4'].input_cost_per_token = 9
    expect(own.current().entries['gpt-4']).toMatchObject({ input_cost_per_token: 0, max_output_tokens: 4096 })
    expect(own.current().entries.mine).toEqual({ mode: 'chat' })
    expect(Object.isFrozen(given['gpt-4'])).toBe(false)
  })

  test.each([
    ['a path', (path: string) => path],
    ['a file URL', (path: string) => pathToFileURL(path)],
    ['a file URL as text', (path: string) => pathToFileURL(path).href],
  ])('%s: its entries replace the bundled ones, and reload reads it again', async (_, option) => {
    const path = file('own.json', '\uFEFF{"gpt-4":{"input_cost_per_token":1}}')
    const own = keeper({ costMap: option(path) })
    expect(own.current().entries['gpt-4']).toEqual({ input_cost_per_token: 1 })
    expect(priceOf(own, 'gpt-4o')).toBe(2.5e-6)
    file('own.json', '{"gpt-4":{"input_cost_per_token":2}}')
    await own.reload()
    expect(priceOf(own)).toBe(2)
    file('own.json', '{')
    await expect(own.reload()).rejects.toMatchObject({ code: 'invalid_cost_map' })
    expect(priceOf(own)).toBe(2)
    expect(own.status().fallback_reason).toMatch(/not valid JSON/)
  })

  const refused: readonly [string, unknown, string][] = [
    ['a path where nothing is', join(folder, 'nothing.json'), 'invalid_cost_map'],
    ['a file that is not JSON', file('text.json', 'prices'), 'invalid_cost_map'],
    ['a file with a list', file('list.json', '[]'), 'invalid_cost_map'],
    ['a file without models', file('empty.json', '{"sample_spec":{}}'), 'invalid_cost_map'],
    ['an object with an entry that is none', { 'gpt-4': 5 }, 'invalid_cost_map'],
    ['an object that JSON cannot hold', { a: { price: 1n } }, 'invalid_cost_map'],
    ['an empty text', '', 'invalid_option'],
    ['a list', [], 'invalid_option'],
    ['a number', 5, 'invalid_option'],
    ['another protocol', new URL('ftp://127.0.0.1/map.json'), 'invalid_option'],
    ['a URL that is none', 'http://', 'invalid_option'],
  ]
  test.each(refused)('%s is refused at start', (_, costMap, code) => {
    expect(() => keeper({ costMap: costMap as JsonObject })).toThrow(expect.objectContaining({ code }))
  })

  test('a variable that is not a URL is refused at start', () => {
    expect(() => keeper({ env: { LITELLM_MODEL_COST_MAP_URL: '/etc/map.json' } })).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    )
  })

  test('a function may answer with few models, and its failure keeps the last good map', async () => {
    const answers: (() => Promise<JsonObject>)[] = [
      () => Promise.resolve({ 'gpt-4': { input_cost_per_token: 4 } }),
      () => Promise.reject(new Error('secret-canary')),
      () => Promise.resolve([] as unknown as JsonObject),
      () => Promise.resolve({ 'gpt-4': { input_cost_per_token: 5 } }),
    ]
    const own = keeper({ costMap: () => (answers.shift() as () => Promise<JsonObject>)() })
    expect(priceOf(own)).toBe(3e-5)
    await own.reload()
    expect(priceOf(own)).toBe(4)
    expect(own.status()).toMatchObject({ source: 'remote', url: null })
    await expect(own.reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    expect(own.status().fallback_reason).not.toContain('secret-canary')
    await expect(own.reload()).rejects.toMatchObject({ code: 'invalid_cost_map' })
    expect(priceOf(own)).toBe(4)
    await own.reload()
    expect(own.status().fallback_reason).toBeNull()
    expect(priceOf(own)).toBe(5)
  })

  test('a function that never answers is not waited for without end, and is asked again by the next reload', async () => {
    const priced = (price: number) => Promise.resolve({ 'gpt-4': { input_cost_per_token: price } })
    const answers = [priced(3), new Promise<never>(() => {}), priced(4)]
    const own = keeper({ costMap: () => answers.shift() ?? priced(5), loadMs: 20 })
    await own.reload()
    await expect(own.reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    await own.reload()
    expect(priceOf(own)).toBe(4)
  })
})
