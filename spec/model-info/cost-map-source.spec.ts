import type { RequestListener } from 'node:http'
import type { JsonObject } from '../../lib/json'
import { costMapBench, inventedModels, priceOf } from '../support/cost-map'

const { keeper, serve, logged, closeAll } = costMapBench()

/** Large enough to pass for a whole map. */
function wholeMap(price: number): JsonObject {
  return { ...inventedModels(2500), 'gpt-4': { input_cost_per_token: price } }
}

afterEach(closeAll)

describe('E5 a URL', () => {
  test.each([
    ['as option', (url: string) => ({ costMap: url })],
    ['as URL object', (url: string) => ({ costMap: new URL(url) })],
    ['as variable', (url: string) => ({ env: { LITELLM_MODEL_COST_MAP_URL: url } })],
  ])('%s is loaded in the background over the bundle', async (_, options) => {
    const url = await serve((_req, res) => res.end(JSON.stringify(wholeMap(5))))
    const remote = keeper(options(url))
    let changes = 0
    remote.onChange(() => {
      changes += 1
    })
    expect(priceOf(remote)).toBe(3e-5)
    expect(remote.status()).toMatchObject({ source: 'local', url })
    await remote.reload()
    expect(remote.current().entries['gpt-4']).toEqual({ input_cost_per_token: 5 })
    expect(priceOf(remote, 'gpt-4o')).toBe(2.5e-6)
    expect(changes).toBe(1)
    expect(remote.status()).toMatchObject({
      source: 'remote',
      fallback_reason: null,
      model_count: remote.current().size,
      source_revision: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    })
  })

  test('the option wins over the variable', async () => {
    const url = await serve((_req, res) => res.end(JSON.stringify(wholeMap(5))))
    const env = { LITELLM_MODEL_COST_MAP_URL: 'http://127.0.0.1:9/never' }
    expect(keeper({ costMap: url, env }).status().url).toBe(url)
    expect(keeper({ costMap: { a: {} }, env }).status().url).toBeNull()
  })

  test('the same content again keeps the map; other content is told to each listener that still listens', async () => {
    let price = 5
    const url = await serve((_req, res) => res.end(JSON.stringify(wholeMap(price))))
    const remote = keeper({ costMap: url })
    await remote.reload()
    const first = remote.current()
    const heard: string[] = []
    const end = remote.onChange(() => heard.push('one'))
    remote.onChange(() => heard.push('two'))
    await remote.reload()
    expect(remote.current()).toBe(first)
    expect(heard).toEqual([])
    price = 6
    await remote.reload()
    end()
    price = 7
    await remote.reload()
    expect(heard).toEqual(['one', 'two', 'two'])
    expect(priceOf(remote)).toBe(7)
  })

  test('calls during a load share it', async () => {
    let hits = 0
    const url = await serve((_req, res) => {
      hits += 1
      res.end(JSON.stringify(wholeMap(5)))
    })
    const remote = keeper({ costMap: url })
    const maps = await Promise.all([remote.reload(), remote.reload(), remote.reload()])
    expect(new Set(maps).size).toBe(1)
    expect(hits).toBe(1)
  })

  const temporary: readonly [string, number, Record<string, string>][] = [
    ['429 with Retry-After', 429, { 'retry-after': '0' }],
    ['503 with a date in the past', 503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }],
    ['500', 500, {}],
  ]
  test.each(temporary)('%s is tried again at start', async (_, status, headers) => {
    let hits = 0
    const url = await serve((_req, res) => {
      hits += 1
      if (hits < 3) res.writeHead(status, headers).end()
      else res.end(JSON.stringify(wholeMap(5)))
    })
    const remote = keeper({ costMap: url })
    await remote.reload()
    expect(hits).toBe(3)
    expect(priceOf(remote)).toBe(5)
  })

  test('the start gives up after three tries, says so once, and a reload tries once', async () => {
    let hits = 0
    const url = await serve((_req, res) => {
      hits += 1
      res.writeHead(500).end()
    })
    const remote = keeper({ costMap: url })
    await expect(remote.reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    expect(hits).toBe(3)
    expect(logged).toHaveLength(1)
    await expect(remote.reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    expect(hits).toBe(4)
    expect(priceOf(remote)).toBe(3e-5)
  })

  test('a lasting refusal is not asked for again at start either', async () => {
    let hits = 0
    const url = await serve((_req, res) => {
      hits += 1
      res.writeHead(404).end()
    })
    await expect(keeper({ costMap: url }).reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    expect(hits).toBe(1)
  })

  test('a first load that failed is tried again later, until it succeeds', async () => {
    let hits = 0
    const url = await serve((_req, res) => {
      hits += 1
      if (hits < 3) res.writeHead(403).end()
      else res.end(JSON.stringify(wholeMap(5)))
    })
    const remote = keeper({ costMap: url, retryLaterMs: 5 })
    await new Promise<void>((resolve) => {
      remote.onChange(resolve)
    })
    expect([hits, priceOf(remote), logged.length]).toEqual([3, 5, 1])
    expect(remote.status()).toMatchObject({ source: 'remote', fallback_reason: null })
  })

  const told: readonly [string, RequestListener, string][] = [
    ['403', (_, res) => res.writeHead(403).end(), 'does not allow this gateway to read the file'],
    ['404', (_, res) => res.writeHead(404).end(), 'has no file at this address'],
    ['401', (_, res) => res.writeHead(401).end(), 'asks for credentials'],
    [
      'a redirect to itself',
      (req, res) => res.writeHead(302, { location: req.url }).end(),
      'redirects in a circle',
    ],
    ['an answer that breaks off', (_, res) => res.socket?.destroy(), 'ended the connection'],
  ]
  test.each(told)('%s has a sentence of its own', async (_, answer, sentence) => {
    const url = await serve(answer)
    await expect(keeper({ costMap: url }).reload()).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining(`The cost map's server ${sentence}`) as string,
    })
  })

  test('a name that DNS does not know has a sentence of its own', async () => {
    await expect(keeper({ costMap: 'http://cost-map.invalid/map.json' }).reload()).rejects.toMatchObject({
      message: expect.stringContaining('DNS does not know') as string,
    })
  })

  test('a port that nobody listens on has a sentence of its own', async () => {
    const url = await serve(() => {})
    await closeAll()
    await expect(keeper({ costMap: url }).reload()).rejects.toMatchObject({
      message: expect.stringContaining('refused the connection') as string,
    })
  })

  test('TLS that fails has a sentence of its own', async () => {
    const plain = await serve((_req, res) => res.end('{}'))
    await expect(keeper({ costMap: plain.replace('http:', 'https:') }).reload()).rejects.toMatchObject({
      message: expect.stringContaining('failed the TLS handshake') as string,
    })
  })

  const bad: readonly [string, RequestListener, string][] = [
    [
      'a price that is no number',
      (_, res) => res.end(JSON.stringify({ ...wholeMap(5), odd: { input_cost_per_token: 'a lot' } })),
      'invalid_cost_map',
    ],
    ['a lasting refusal', (_, res) => res.writeHead(404, 'Not Found').end('{}'), 'upstream_failed'],
    ['text', (_, res) => res.end('<html>'), 'invalid_cost_map'],
    ['a list', (_, res) => res.end('[]'), 'invalid_cost_map'],
    ['too few models', (_, res) => res.end('{"gpt-4":{}}'), 'invalid_cost_map'],
    [
      'less than half of the bundle',
      (_, res) => res.end(JSON.stringify(inventedModels(400))),
      'invalid_cost_map',
    ],
    ['too many bytes', (_, res) => res.end(JSON.stringify({ a: 'x'.repeat(500_000) })), 'upstream_failed'],
  ]
  test.each(bad)('%s is not taken and not asked for again', async (_, answer, code) => {
    let hits = 0
    const good = JSON.stringify(wholeMap(5))
    const url = await serve((req, res) => {
      hits += 1
      if (hits === 1) res.end(good)
      else answer(req, res)
    })
    const remote = keeper({ costMap: url, maxBytes: 400_000 })
    await remote.reload()
    const kept = remote.current()
    const error: unknown = await remote.reload().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toMatch(/not found|404|does not exist/i)
    expect(hits).toBe(2)
    expect(remote.current()).toBe(kept)
    expect(remote.status()).toMatchObject({ source: 'remote', fallback_reason: (error as Error).message })
  })

  test('the limits of LiteLLM for the size of a map can be set', async () => {
    const url = await serve((_req, res) => res.end(JSON.stringify(inventedModels(2))))
    const env = { MODEL_COST_MAP_MIN_MODEL_COUNT: '2', MODEL_COST_MAP_MAX_SHRINK_RATIO: '0' }
    const remote = keeper({ costMap: url, env })
    await remote.reload()
    expect(remote.current().entries).toHaveProperty('invented-1')
  })

  test('a server that is slow to answer, or stops in the middle, is given up after the time limit', async () => {
    for (const listener of [() => {}, stall] satisfies RequestListener[]) {
      const remote = keeper({ costMap: await serve(listener), timeoutMs: 30 })
      await expect(remote.reload()).rejects.toMatchObject({
        code: 'upstream_failed',
        message: expect.stringContaining('did not answer within 30 ms') as string,
      })
    }
  })

  test('nobody at the address keeps the bundle', async () => {
    const url = await serve(() => {})
    await closeAll()
    const remote = keeper({ costMap: url })
    await expect(remote.reload()).rejects.toMatchObject({ code: 'upstream_failed' })
    expect(remote.status()).toMatchObject({ source: 'local', url })
    expect(priceOf(remote)).toBe(3e-5)
  })

  test('credentials in the URL reach the server and nobody else', async () => {
    let seen: string | undefined
    let path: string | undefined
    const url = await serve((req, res) => {
      seen = req.headers.authorization
      path = req.url
      res.writeHead(403).end()
    })
    const secret = new URL(url)
    secret.username = 'user'
    secret.password = 'canary@1'
    secret.search = '?sig=canary2'
    const remote = keeper({ costMap: secret.href })
    const error: unknown = await remote.reload().catch((thrown: unknown) => thrown)
    expect(seen).toBe(`Basic ${Buffer.from('user:canary@1').toString('base64')}`)
    expect(path).toBe('/map.json?sig=canary2')
    expect(remote.status().url).toBe(url)
    expect(logged).toHaveLength(1)
    expect(`${String(error)} ${JSON.stringify(remote.status())} ${logged.join()}`).not.toMatch(/canary|user:/)
  })

  test('close ends a load that is under way, quietly, and the map stays', async () => {
    let arrived = () => {}
    const asked = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const remote = keeper({ costMap: await serve(() => arrived()) })
    const load = remote.reload()
    await asked
    remote.close()
    await expect(load).rejects.toMatchObject({ code: 'closed' })
    await expect(remote.reload()).rejects.toMatchObject({ code: 'closed' })
    expect(priceOf(remote)).toBe(3e-5)
    expect(logged).toEqual([])
  })

  test('close ends the wait between two tries', async () => {
    let answered = () => {}
    const refused = new Promise<void>((resolve) => {
      answered = resolve
    })
    const url = await serve((_req, res) => {
      res.on('finish', answered)
      res.writeHead(503, { 'retry-after': '3600' }).end()
    })
    const remote = keeper({ costMap: url })
    const load = remote.reload()
    await refused
    remote.close()
    await expect(load).rejects.toMatchObject({ code: 'closed' })
  })
})

const stall: RequestListener = (_, res) => {
  res.writeHead(200, { 'content-type': 'application/json' })
  res.write('{"gpt-4":')
}
