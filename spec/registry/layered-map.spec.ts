import fc from 'fast-check'
import { layeredMap } from '../../lib/registry/layered-map'

describe('a layered map', () => {
  it('behaves as a Map, and leaves the maps it came from as they were', () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 400 }).map(String), fc.option(fc.integer()))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 1500, size: 'max' }), (changes) => {
        const model = new Map([['0', -1]])
        const first = layeredMap(model)
        let map = first
        for (const [key, value] of changes) {
          if (value === null) model.delete(key)
          else model.set(key, value)
          map = value === null ? map.without(key) : map.with(key, value)
        }
        expect(map.size).toBe(model.size)
        for (let key = 0; key <= 400; key++) expect(map.get(String(key))).toBe(model.get(String(key)))
        expect([first.size, first.get('0'), first.get('1')]).toEqual([1, -1, undefined])
      }),
      { numRuns: 30 },
    )
  })
})
