import fc from 'fast-check'
import { layeredMap } from '../../lib/registry/layered-map'

describe('a layered map', () => {
  it('has what was put last and nothing that was taken out, before and after it is folded', () => {
    const first = layeredMap([
      ['kept', 0],
      ['replaced', 0],
      ['gone', 0],
    ])
    const few = first.with('replaced', 1).with('new', 2).without('gone')
    const seen = (map: typeof first): unknown => [
      map.size,
      ...['kept', 'replaced', 'gone', 'new', 'never'].map((key) => map.get(key)),
    ]
    expect(seen(first)).toEqual([3, 0, 0, 0, undefined, undefined])
    expect(seen(few)).toEqual([3, 0, 1, undefined, 2, undefined])
    expect(seen(few.without('never').without('gone'))).toEqual(seen(few))
    expect(seen(few.without('new').with('gone', 3))).toEqual([3, 0, 1, 3, undefined, undefined])

    const keys = Array.from({ length: 600 }, (_, at) => `key-${at}`)
    const many = keys.reduce((map, key, at) => map.with(key, at), few)
    expect(seen(many)).toEqual([603, 0, 1, undefined, 2, undefined])
    expect(keys.map((key) => many.get(key))).toEqual(keys.map((_, at) => at))
    const less = keys.reduce((map, key) => map.without(key), many)
    expect(seen(less)).toEqual(seen(few))
    expect(keys.filter((key) => less.get(key) !== undefined)).toEqual([])
  })

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
