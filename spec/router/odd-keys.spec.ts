import { makeApp } from '../support/app'
import { holding } from '../support/held'

const inherited = ['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'then']
const places: readonly (readonly [string, (text: string) => string])[] = [
  ['at the top', (member) => `{"model_name":"m","litellm_params":{"model":"x"},${member}}`],
  ['in parameters', (member) => `{"model_name":"m","litellm_params":{"model":"x",${member}}}`],
  [
    'deep in parameters',
    (member) => `{"model_name":"m","litellm_params":{"model":"x","a":[{"b":{${member}}}]}}`,
  ],
  ['in model_info', (member) => `{"model_name":"m","litellm_params":{"model":"x"},"model_info":{${member}}}`],
]

describe.each(places)('a key of every object %s of a body', (_where, body) => {
  it.each(inherited)('%s is stored like any other', async (key) => {
    const { get, post } = await makeApp()
    const text = body(`"${key}":{"polluted":1}`)
    const created = await post('/model/new', text).type('application/json')
    expect([created.status, ({} as Record<string, unknown>)['polluted']]).toEqual([200, undefined])
    const { data } = (await get('/model/info')).body
    expect(JSON.stringify(data)).toContain(`"${key}":{"polluted":1}`)
  })

  it('__proto__ is refused', async () => {
    const { get, post, send } = await makeApp()
    const text = body('"__proto__":{"polluted":1}')
    const answers = [
      await post('/model/new', text).type('application/json'),
      await send('patch', '/model/a/update', text).type('application/json'),
    ]
    for (const { status, body: answer } of answers) {
      const { type, loc } = answer.detail[0]
      expect([status, type, loc.at(-1)]).toEqual([422, 'extra_forbidden', '__proto__'])
    }
    expect((await get('/model/info')).body).toEqual({ data: [] })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('an update and the parameter model', () => {
  it.each(['', ' ', '\t\n', 5, {}, []])('does not take %j', async (model) => {
    const { adapter, deployment } = await holding({ one: { litellm_params: { model: 'x', rpm: 1 } } })
    const { send } = await makeApp({ adapter })
    const { status } = await send('patch', '/model/one/update', { litellm_params: { model } })
    expect([status, (await deployment())?.litellm_params]).toEqual([422, { model: 'x', rpm: 1 }])
  })

  it('null removes it, as it removes any key: the model is called by its model_name', async () => {
    const { adapter, deployment } = await holding({ one: { litellm_params: { model: 'x', rpm: 1 } } })
    const { send } = await makeApp({ adapter })
    const { status } = await send('patch', '/model/one/update', { litellm_params: { model: null } })
    expect([status, (await deployment())?.litellm_params]).toEqual([200, { rpm: 1 }])
  })

  it('registry.create() does not take null or a blank one either', async () => {
    const { router } = await makeApp()
    for (const model of [null, '', ' '])
      await expect(
        router.registry.create({ model_name: 'm', litellm_params: { model: model as string } }),
      ).rejects.toMatchObject({ code: 'invalid_body', problems: [{ loc: ['litellm_params', 'model'] }] })
  })
})
