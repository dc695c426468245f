import type { Response } from 'supertest'
import { makeApp } from '../support/app'
import { cpuMs, slowness } from '../support/cpu'

const times = (count: number, make: (at: number) => unknown): unknown[] =>
  Array.from({ length: count }, (_, at) => make(at))

const most = 14_900

/** Close to the largest body, or to the most values, of what is dear to look through for secrets and addresses. */
const heavy: readonly [string, unknown][] = [
  ['queries', times(9, () => `https://h.example/?${'a=b&'.repeat(24_000)}`)],
  ['assignments', times(9, () => 'a='.repeat(49_000))],
  ['connection strings', times(9, () => 'Server=db;Port=5;'.repeat(5_500))],
  ['sentences with hosts', times(9, () => 'see a.b of x:y and more. '.repeat(3_900))],
  ['addresses', times(9, () => 'ab.io '.repeat(16_000))],
  ['texts of JSON', times(9, () => JSON.stringify(times(1_600, (at) => ({ [`k${at}`]: 'b=c '.repeat(5) }))))],
  ['keys', Object.fromEntries(times(most, (at) => [`k_${at}`, `value ${at}`]) as [string, string][])],
  ['names and values', times(most / 3, (at) => ({ name: `n${at}`, value: `v: ${at}` }))],
  ['URLs', times(4_900, (at) => `https://h${at}.example/v1?a=b`)],
]

it.each(heavy)(
  'a body full of %s is written, changed and listed within a second of CPU each',
  async (_what, note) => {
    const keys = [
      { key: 'sk-admin', userId: 'a', role: 'internal_user' as const, teams: [{ id: 'a', admin: true }] },
      { key: 'sk-member', userId: 'u', role: 'internal_user' as const, teams: [{ id: 'a' }] },
    ]
    const { get, post, send } = await makeApp({ auth: { masterKey: 'sk-master-0123456789', keys } })
    const info = { team_id: 'a' }
    let id = ''
    // What grows faster than the body takes many seconds.
    const limit = 1000 * (await slowness())
    // The first request compiles schemas.
    await post('/model/new', {
      model_name: 'w',
      litellm_params: { model: 'x' },
      model_info: { team_id: 'a' },
    })
    const model = { model_name: 'm', litellm_params: { model: 'openai/x', note }, model_info: info }
    const whole = { litellm_params: model.litellm_params }
    const steps: readonly [string, () => PromiseLike<Response>][] = [
      ['create', () => post('/model/new', model, 'sk-admin')],
      ['update', () => send('patch', `/model/${id}/update`, { litellm_params: { rpm: 5 } }, 'sk-admin')],
      ['update that changes nothing', () => send('patch', `/model/${id}/update`, whole, 'sk-admin')],
      ['list of an administrator', () => get('/model/info')],
      ['list of others', () => get('/model/info', 'sk-member')],
      ['groups', () => get('/model_group/info', 'sk-member')],
    ]
    for (const [step, run] of steps) {
      let answered: Response | undefined
      const ms = await cpuMs(async () => (answered = await run()))
      const { status, body: answer } = answered!
      if (step === 'create') id = answer.model_id
      expect([step, status, ms < limit ? 'in time' : ms]).toEqual([step, 200, 'in time'])
    }
  },
)
