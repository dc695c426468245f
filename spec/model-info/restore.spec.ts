import * as fc from 'fast-check'
import { isJsonObject, type JsonObject, type JsonValue } from '../../lib/json'
import { MASK, redactModelInfo, redactParams } from '../../lib/model-info/redact'
import { restoreMasked } from '../../lib/model-info/restore'
import { canaryDeployment } from '../support/canary'
import { deployments } from './deployments'

const back = (sent: JsonValue, stored: JsonObject) =>
  restoreMasked(sent, stored, redactParams(stored), 'litellm_params')

const members = (value: JsonValue): JsonObject => (isJsonObject(value) ? value : {})

it('B8 what was read and written back is what is stored', () => {
  const { litellm_params, model_info } = canaryDeployment()
  const { value, unknownMasks } = back(redactParams(litellm_params), litellm_params)
  expect({ ...litellm_params, ...members(value) }).toEqual(litellm_params)
  expect(unknownMasks).toEqual([])
  const shownInfo = redactModelInfo(model_info)
  expect(restoreMasked(shownInfo, model_info, shownInfo, '')).toEqual({ value: model_info, unknownMasks: [] })
})

it('B8 for any deployment, what was read and written back is what is stored', () => {
  fc.assert(
    fc.property(deployments, ({ litellm_params, model_info }) => {
      const { value, unknownMasks } = back(redactParams(litellm_params), litellm_params)
      expect(JSON.stringify({ ...litellm_params, ...members(value) })).toBe(JSON.stringify(litellm_params))
      const shownInfo = redactModelInfo(model_info)
      const info = restoreMasked(shownInfo, model_info, shownInfo, '')
      expect(JSON.stringify(info.value)).toBe(JSON.stringify(model_info))
      expect([...unknownMasks, ...info.unknownMasks]).toEqual([])
    }),
    { numRuns: 500 },
  )
})

const stored: JsonObject = {
  model: 'gpt-4',
  api_key: 'old-key',
  hf_token: 'old-token',
  password: 12345678,
  api_base: 'https://u:p@h.example/?key=abc',
  extra_headers: { 'X-One': 'Bearer one-one', 'X-Two': 'Bearer two-two' },
  hosts: [
    { name: 'a', token: 'token-a', rank: 1 },
    { name: 'b', token: 'token-b', rank: 2 },
    { name: 'c', token: 'token-c', rank: 3 },
  ],
  tokens: ['first', 'second'],
  pair: [{ token: 'one' }, { token: 'two' }],
}
const host = (name: string, token: string, rank: number): JsonObject => ({ name, token, rank })

const kept: [string, JsonObject, JsonObject][] = [
  ['a new secret', { hf_token: 'new-token' }, { hf_token: 'new-token' }],
  ['null', { hf_token: null }, { hf_token: null }],
  ['a mask', { hf_token: MASK }, { hf_token: 'old-token' }],
  ['a mask over a number', { password: MASK }, { password: 12345678 }],
  ['a mask over what is not shown', { api_key: MASK }, { api_key: 'old-key' }],
  ['a mask as LiteLLM writes it', { hf_token: 'old-*********oken' }, { hf_token: 'old-token' }],
  ['a URL as shown', { api_base: 'https://h.example/' }, { api_base: 'https://u:p@h.example/?key=abc' }],
  ['another URL', { api_base: 'https://i.example/' }, { api_base: 'https://i.example/' }],
  [
    'a header map with one changed',
    { extra_headers: { 'X-One': MASK, 'X-Two': '2' } },
    { extra_headers: { 'X-One': 'Bearer one-one', 'X-Two': '2' } },
  ],
  [
    'a header map with one removed',
    { extra_headers: { 'X-Two': MASK } },
    { extra_headers: { 'X-Two': 'Bearer two-two' } },
  ],
  [
    'elements in another order',
    { hosts: [host('c', MASK, 3), host('a', MASK, 1)] },
    { hosts: [host('c', 'token-c', 3), host('a', 'token-a', 1)] },
  ],
  [
    'edited elements in another order',
    { hosts: [host('c', MASK, 9), host('a', MASK, 8)] },
    { hosts: [host('c', 'token-c', 9), host('a', 'token-a', 8)] },
  ],
  [
    'one element before the others',
    { hosts: [host('n', 'new', 0), host('a', MASK, 1)] },
    { hosts: [host('n', 'new', 0), host('a', 'token-a', 1)] },
  ],
  ['a list with one changed', { tokens: [MASK, 'third'] }, { tokens: ['first', 'third'] }],
  ['a list with one more', { tokens: [MASK, MASK, 'third'] }, { tokens: ['first', 'second', 'third'] }],
]
it.each(kept)('%s is taken for what it means', (_, sent, expected) => {
  expect(back(sent, stored)).toEqual({ value: expected, unknownMasks: [] })
})

const refused: [string, JsonObject, string[]][] = [
  ['under a new name', { new_token: MASK }, ['litellm_params.new_token']],
  ['over a value that is shown', { model: MASK }, ['litellm_params.model']],
  ['of a renamed header', { extra_headers: { 'X-New': MASK } }, ['litellm_params.extra_headers.X-New']],
  [
    'inside of new text',
    { extra_headers: { 'X-One': `Bearer ${MASK}` } },
    ['litellm_params.extra_headers.X-One'],
  ],
  ['as LiteLLM writes it, under a new name', { x: 'sk-1****cdef' }, ['litellm_params.x']],
  ['that may be either of two', { tokens: [MASK] }, ['litellm_params.tokens.0']],
  ['too many', { tokens: [MASK, MASK, MASK] }, [0, 1, 2].map((at) => `litellm_params.tokens.${at}`)],
  ['of a new element', { hosts: [host('z', MASK, 1)] }, ['litellm_params.hosts.0.token']],
  [
    'of a nameless element that may be either',
    { pair: [{ token: MASK, x: 1 }] },
    ['litellm_params.pair.0.token'],
  ],
]
it.each(refused)('a mask %s is reported', (_, sent, unknownMasks) => {
  expect(back(sent, stored).unknownMasks).toEqual(unknownMasks)
})

it('inherited members are no stored values', () => {
  const sent: JsonObject = JSON.parse(`{"constructor":"${MASK}","__proto__":"${MASK}"}`)
  expect(back(sent, stored).unknownMasks).toHaveLength(2)
})

it('what is deeper than any reader was shown is reported', () => {
  const deep: JsonObject = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
  expect(back(deep, stored).unknownMasks).toEqual(['litellm_params'])
})
