import type { ChangeListener, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'

describe('ten thousand hints of changes', () => {
  async function hinted() {
    const reads = { list: 0, get: 0 }
    let tell: ChangeListener = () => {}
    const real = memoryAdapter()
    const adapter: ModelAdapter = {
      ...real,
      list: () => ((reads.list += 1), real.list()),
      get: (id) => ((reads.get += 1), real.get(id)),
      async watch(listener) {
        tell = listener
        return async () => {}
      },
    }
    const app = await makeApp({ adapter })
    await app.router.registry.reload()
    Object.assign(reads, { list: 0, get: 0 })
    return { ...app, reads, tell: (ids: readonly string[] | 'all') => tell(ids) }
  }

  it.each([
    ['of one row', () => ['one'], 2, 2],
    ['of as many rows', (count: number) => [`row ${count}`], 2, 1],
    ['of anything', () => 'all' as const, 2, 0],
  ])('%s cause a handful of reads', async (_of, ids, lists, gets) => {
    const { reads, tell, router } = await hinted()
    for (let count = 0; count < 10_000; count += 1) tell(ids(count))
    await router.registry.reload()
    expect(reads.list).toBeLessThanOrEqual(lists)
    expect(reads.get).toBeLessThanOrEqual(gets)
  })

  it('during reads cause one more read each, and requests are served meanwhile', async () => {
    const { reads, tell, router, get } = await hinted()
    let turns = 0
    let over = false
    const storm = new Promise<void>((resolve) => {
      const gust = (): void => {
        turns += 1
        for (let count = 0; count < 200; count += 1) tell([`row ${count}`])
        if (turns < 50 && !over) setImmediate(gust)
        else resolve()
      }
      gust()
    })
    expect((await get('/model/info')).status).toBe(200)
    await storm
    over = true
    await router.registry.reload()
    expect(reads.list).toBeLessThanOrEqual(turns + 2)
  })
})
