import type { Deployment } from '../../lib/adapters/adapter'
import { resolver } from '../../lib/registry/resolve'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'
import { snapshotOf } from '../../lib/registry/snapshot'
import { everything, scopeOf } from '../../lib/registry/visibility'

function row(id: string, parts: Partial<Deployment> = {}, blocked = false): Row {
  const deployment = { model_name: 'm', litellm_params: { model: 'x' }, model_info: {}, ...parts }
  return { ...configRow(id, deployment, id), blocked }
}

const resolving = () => resolver((params) => params)
const admin = everything

it('a name that nobody has is unknown', () => {
  expect(resolving().resolve(snapshotOf([], [], 1), 'm', admin)).toEqual({
    outcome: 'unknown',
    deployments: [],
  })
})

it('a name that the caller may not use is forbidden, whether or not it is there', () => {
  const scope = scopeOf({ userId: 'u', role: 'internal_user', models: ['other'] })
  const snapshot = snapshotOf([row('a')], [], 1)
  const outcomes = ['m', 'none', 'other'].map((name) => resolving().resolve(snapshot, name, scope))
  expect(outcomes.map(({ outcome, deployments }) => [outcome, deployments])).toEqual([
    ['forbidden', []],
    ['forbidden', []],
    ['unknown', []],
  ])
})

it('paused deployments are left out; when all are paused the name is blocked', () => {
  const some = snapshotOf([row('a', {}, true), row('b')], [], 1)
  const { outcome, deployments } = resolving().resolve(some, 'm', admin)
  expect([outcome, deployments.map(({ id }) => id)]).toEqual(['found', ['b']])
  const all = snapshotOf([row('a', {}, true)], [], 1)
  expect(resolving().resolve(all, 'm', admin)).toEqual({ outcome: 'blocked', deployments: [] })
})

it('what is found is in clear, with its limits and its model', () => {
  const parts = {
    litellm_params: { api_key: 'os.environ/KEY', tpm: 1 },
    model_info: { tier: 'free' },
    rpm: 5,
    tpm: 7,
  }
  const inClear = resolver((params) => ({ ...params, api_key: 'sk-clear' }))
  expect(inClear.resolve(snapshotOf([row('a', parts)], [], 1), 'm', admin).deployments).toEqual([
    {
      id: 'a',
      model_name: 'm',
      litellm_params: { rpm: 5, tpm: 1, api_key: 'sk-clear', model: 'm' },
      model_info: { id: 'a', tier: 'free' },
    },
  ])
})

it('limits beside the parameters count where these have none', () => {
  const snapshot = snapshotOf([row('a', { tpm: 7 }), row('b', { rpm: 5 })], [], 1)
  const { deployments } = resolving().resolve(snapshot, 'm', admin)
  expect(deployments.map(({ litellm_params: params }) => params)).toEqual([
    { tpm: 7, model: 'x' },
    { rpm: 5, model: 'x' },
  ])
})

it('limits that are null are none', () => {
  const snapshot = snapshotOf([row('a', { rpm: null, tpm: null })], [], 1)
  expect(resolving().resolve(snapshot, 'm', admin).deployments[0]?.litellm_params).toEqual({ model: 'x' })
})

it('a wildcard is called by the name that was asked for', () => {
  const wild = row('a', { model_name: 'openai/*', litellm_params: { model: 'openai/*' } })
  const { deployments } = resolving().resolve(snapshotOf([wild], [], 1), 'openai/gpt-4o', admin)
  expect(deployments.map(({ litellm_params: params }) => params.model)).toEqual(['openai/gpt-4o'])
})

it('rows and answers are made once, and answers of one snapshot are not those of another', () => {
  let made = 0
  const counting = resolver((params) => ((made += 1), params))
  const kept = row('a')
  const first = snapshotOf([kept], [], 1)
  const answer = counting.resolve(first, 'm', admin)
  expect(counting.resolve(first, 'm', admin)).toBe(answer)
  const second = snapshotOf([kept, row('b')], [], 2)
  expect(counting.resolve(second, 'm', admin).deployments.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(made).toBe(2)
  expect([answer, answer.deployments, answer.deployments[0]].every(Object.isFrozen)).toBe(true)
})

it("a caller's answer is that caller's alone", () => {
  const snapshot = snapshotOf([row('a')], [], 1)
  const one = resolving()
  expect(one.resolve(snapshot, 'm', admin).outcome).toBe('found')
  const scope = scopeOf({ userId: 'u', role: 'internal_user', models: ['other'] })
  expect(one.resolve(snapshot, 'm', scope).outcome).toBe('forbidden')
  expect(one.resolve(snapshot, 'm', admin).outcome).toBe('found')
})
