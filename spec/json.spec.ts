import * as fc from 'fast-check'
import { canonicalJson, createJsonNumbering, jsonEquals } from '../lib/json'
import type { JsonValue } from '../lib/json'

const values = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>

it('equality and numbers agree with the texts of both values', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const numberOf = createJsonNumbering()
      const isSame = canonicalJson(one) === canonicalJson(other)
      expect([jsonEquals(one, other), numberOf(one) === numberOf(other)]).toEqual([isSame, isSame])
      const copy = JSON.parse(JSON.stringify(one)) as JsonValue
      expect([jsonEquals(one, copy), numberOf(one) === numberOf(copy)]).toEqual([true, true])
    }),
  )
})

it.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [undefined, null, true],
  [{ a: 1 }, { b: 1 }, false],
  [[], {}, false],
  [['1'], [1], false],
  [{ a: undefined }, {}, false],
])('%j equals %j: %s', (one, other, isSame) => {
  expect([jsonEquals(one, other), jsonEquals(other, one)]).toEqual([isSame, isSame])
})
