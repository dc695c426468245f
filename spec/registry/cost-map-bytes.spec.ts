import { costMap } from '../../lib/model-info/cost-map'
import { costMapBytes } from '../../lib/registry/cost-map-bytes'
import { priced } from '../support/price-list'

test('the bytes of a map are built once, and anew for another one', () => {
  let map = costMap(priced(1))
  const bytes = costMapBytes(() => map)
  const first = bytes()
  expect(bytes()).toBe(first)
  map = costMap(priced(2))
  const second = bytes()
  expect([first, second].map(({ parts }) => JSON.parse(parts.join('')))).toEqual([priced(1), priced(2)])
})
