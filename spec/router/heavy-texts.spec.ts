import type { Response } from 'supertest'
import { makeApp } from '../support/app'

const times = (count: number, make: (at: number) => unknown): unknown[] =>
  Array.from({ length: count }, (_, at) => make(at))

/** Close to the largest body, of what is dear to look through for secrets and addresses. */
const heavy: readonly [string, unknown][] = [
  ['queries', times(9, () => `https://h.example/?${'a=b&'.repeat(24_000)}`)],
  ['assignments', times(9, () => 'a='.repeat(49_000))],
  ['connection strings', times(9, () => 'Server=db;Port=5;'.repeat(5_500))],
  ['sentences with hosts', times(9, () => 'see a.b of x:y and more. '.repeat(3_900))],
]

it.each(heavy)(
  'a megabyte of %s is written, changed and listed within a second of CPU each',
  async (_what, note) => {
    const keys = [
      { key: 'sk-admin', userId: 'a', role: 'internal_user' as const, teams: [{ id: 'a', admin: true }] },
      { key: 'sk-member', userId: 'u', role: 'internal_user' as const, teams: [{ id: 'a' }] },
    ]
    const { get, post, send } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
    const info = { team_id: 'a' }
    let id = ''
    // The first request compiles schemas.
    await post('/model/new', {
      model_name: 'w',
      litellm_params: { model: 'x' },
      model_info: { team_id: 'a' },
    })
    const model = { model_name: 'm', litellm_params: { model: 'openai/x', note }, model_info: info }
    const steps: readonly [string, () => PromiseLike<Response>][] = [
      ['create', () => post('/model/new', model, 'sk-admin')],
      ['update', () => send('patch', `/model/${id}/update`, { litellm_params: { rpm: 5 } }, 'sk-admin')],
      ['list of an administrator', () => get('/model/info')],
      ['list of others', () => get('/model/info', 'sk-member')],
      ['groups', () => get('/model_group/info', 'sk-member')],
    ]
    for (const [step, run] of steps) {
      const before = process.cpuUsage()
      const { status, body: answer } = await run()
      const { user, system } = process.cpuUsage(before)
      if (step === 'create') id = answer.model_id
      expect([step, status, (user + system) / 1000 < 1000]).toEqual([step, 200, true])
    }
  },
)
