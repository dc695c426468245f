import { makeApp } from '../support/app'
import { holding } from '../support/held'

const refusal = (param: string): object => ({
  error: {
    message: `${param} is a number with more digits than are kept of it. Send it as text, in quotes.`,
    type: 'validation_error',
    param,
    code: '400',
  },
})
/** [param, how a body says it, the id that JSON makes of it] */
const numbers: readonly (readonly [string, string, string])[] = [
  ['model_info.id', '"model_info":{"id":12345678901234567890}', '12345678901234567000'],
  ['id', '"id":9007199254740993', '9007199254740992'],
]

describe('a number of which JSON keeps not all digits is no id', () => {
  it.each(numbers)('of a new model, as %s', async (param, member) => {
    const { get, post } = await makeApp()
    const text = `{"model_name":"m","litellm_params":{},${member}}`
    const { status, body } = await post('/model/new', text).type('json')
    expect([status, body]).toEqual([400, refusal(param)])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it.each(numbers)('of another model, which would be changed instead, as %s', async (param, member, id) => {
    const held = await holding({ [id]: {} })
    const { post } = await makeApp({ adapter: held.adapter })
    const before = await held.model(id)
    const { status, body } = await post('/model/update', `{"model_name":"other",${member}}`).type('json')
    expect([status, body]).toEqual([400, refusal(param)])
    expect(await held.model(id)).toEqual(before)
  })
})
