import { createVersionedCache } from '../../lib/registry/versioned-cache'

const sizeOf = ({ length }: Buffer): number => length

/** A cache, and the keys of which something had to be made for these. */
function cacheOf(maxEntries: number, maxBytes: number) {
  const cache = createVersionedCache<Buffer>({ maxEntries, maxBytes, sizeOf })
  return async (keys: string, size: number, version = '1'): Promise<string> => {
    let made = ''
    for (const key of keys)
      await cache.get(key, version, async () => {
        made += key
        return Buffer.alloc(size)
      })
    return made
  }
}

it('makes a value once for each version', async () => {
  const made = cacheOf(9, 1000)
  expect([await made('abab', 1), await made('ab', 1, '2'), await made('ab', 1, '2')]).toEqual([
    'ab',
    'ab',
    '',
  ])
})

it('evicts what was not asked for longest, by number', async () => {
  const made = cacheOf(2, 1000)
  expect([await made('abac', 1), await made('a', 1), await made('b', 1)]).toEqual(['abc', '', 'b'])
})

it('evicts what was not asked for longest, by bytes, keys counted', async () => {
  const made = cacheOf(100, 36)
  expect([await made('abc', 10), await made('abc', 10), await made('d', 10)]).toEqual(['abc', '', 'd'])
  expect([await made('bcd', 10), await made('a', 10)]).toEqual(['', 'a'])
})

it('keeps the latest value whatever its size, and nothing beside it', async () => {
  const made = cacheOf(100, 20)
  expect([await made('ab', 100), await made('b', 100), await made('a', 100)]).toEqual(['ab', '', 'a'])
})

it('who asks while a value is being made waits for the same one', async () => {
  const cache = createVersionedCache<Buffer>({ maxEntries: 9, maxBytes: 99, sizeOf })
  let made = 0
  const make = async (): Promise<Buffer> => {
    made++
    await Promise.resolve()
    return Buffer.alloc(1)
  }
  const [one, two] = await Promise.all([cache.get('a', '1', make), cache.get('a', '1', make)])
  expect([made, one === two]).toEqual([1, true])
})

it('a value that was under way does not replace one of a later version', async () => {
  const cache = createVersionedCache<string>({ maxEntries: 9, maxBytes: 99, sizeOf: () => 1 })
  let end = (_: string): void => {}
  const old = cache.get('a', '1', () => new Promise((resolve) => (end = resolve)))
  expect(await cache.get('a', '2', async () => 'new')).toBe('new')
  end('old')
  expect(await old).toBe('old')
  expect(await cache.get('a', '2', () => Promise.reject(new Error('made again')))).toBe('new')
})

it('a failure is not kept', async () => {
  const cache = createVersionedCache<string>({ maxEntries: 9, maxBytes: 99, sizeOf: () => 1 })
  await expect(cache.get('a', '1', () => Promise.reject(new Error('first')))).rejects.toThrow('first')
  expect(await cache.get('a', '1', async () => 'second')).toBe('second')
})
