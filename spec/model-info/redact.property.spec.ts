import * as fc from 'fast-check'
import { isJsonObject, type JsonObject, type JsonValue } from '../../lib/json'
import { MASK, redactExtras, redactModelInfo, redactParams } from '../../lib/model-info/redact'
import { removedParams } from '../../lib/model-info/secret-names'
import { findCanaries } from '../support/canary'
import { deployments } from './deployments'

const runs = { numRuns: 500 }

it('B1 no six characters of a canary are left, wherever it was planted', () => {
  fc.assert(
    fc.property(deployments, ({ litellm_params, model_info }) => {
      const shown = [redactParams(litellm_params), redactExtras(litellm_params), redactModelInfo(model_info)]
      expect(findCanaries(JSON.stringify(shown))).toEqual([])
    }),
    runs,
  )
})

it('J4 what is redacted already stays as it is', () => {
  fc.assert(
    fc.property(deployments, ({ litellm_params, model_info }) => {
      for (const [redact, object] of [
        [redactParams, litellm_params],
        [redactExtras, litellm_params],
        [redactModelInfo, model_info],
      ] as const) {
        const once = redact(object)
        expect(JSON.stringify(redact(once))).toBe(JSON.stringify(once))
      }
    }),
    runs,
  )
})

it('J4 the shape stays: only leaves differ, and only removed names are gone', () => {
  fc.assert(
    fc.property(deployments, ({ litellm_params }) => {
      const kept = Object.entries(litellm_params).filter(([name]) => !removedParams.has(name))
      expectSameShape(redactParams(litellm_params), Object.fromEntries(kept))
    }),
    runs,
  )
})

it('B4 numbers, booleans and null are never masked under a harmless name', () => {
  const leaf = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
  const name = fc.constantFrom(
    'a',
    'max_tokens',
    'key',
    'token_limit',
    'input_cost_per_token',
    'auth',
    'headers',
  )
  fc.assert(
    fc.property(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf), fc.dictionary(name, leaf))), (object) => {
      expect(redactParams(object)).toEqual(object)
      expect(redactModelInfo(object)).toEqual(object)
    }),
    runs,
  )
})

function expectSameShape(shown: JsonValue | undefined, value: JsonValue): void {
  if (shown === MASK) return
  if (typeof value !== 'object' || value === null) {
    expect(typeof shown).toBe(typeof value)
    return
  }
  expect(Array.isArray(shown)).toBe(Array.isArray(value))
  const members: JsonObject = isJsonObject(shown) ? shown : Object.fromEntries(Object.entries(shown ?? {}))
  expect(Object.keys(members)).toEqual(Object.keys(value))
  for (const [name, member] of Object.entries(value)) {
    expectSameShape(Object.hasOwn(members, name) ? members[name] : undefined, member)
  }
}
