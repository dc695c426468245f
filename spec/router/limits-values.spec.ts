import { makeApp } from '../support/app'

const model = { model_name: 'm', litellm_params: { model: 'x' } }
const refusal = (message: string): object => ({
  error: { message, type: 'validation_error', param: null, code: '400' },
})

describe('limits', () => {
  test.each([
    [undefined, 25_000],
    [{ maxValues: 50_000 }, 50_000],
  ])('maxValues: with %j a body holds at most %i values', async (limits, most) => {
    const { post } = await makeApp({ limits })
    const body = { ...model, extra: Array.from({ length: most + 1 }, () => 0) }
    const { status, body: answer } = await post('/model/new', body)
    expect([status, answer]).toEqual([
      422,
      {
        detail: [
          {
            type: 'value_error',
            loc: ['body'],
            msg: `Value error, more than ${most} values (option 'limits.maxValues')`,
          },
        ],
      },
    ])
  })

  test('maxValues: texts of JSON count as much as what they hold', async () => {
    const { post } = await makeApp({ limits: { maxValues: 50 } })
    const noteOf = (count: number): object => ({ ...model, note: JSON.stringify(Array(count).fill(0)) })
    expect((await post('/model/new', noteOf(40))).status).toBe(200)
    expect((await post('/model/new', noteOf(60))).status).toBe(422)
  })

  test('maxAddresses: the URL policy is asked about so many', async () => {
    const { post } = await makeApp({ limits: { maxAddresses: 3 } })
    const bodyOf = (count: number): object => ({
      ...model,
      litellm_params: { model: 'x', api_bases: Array(count).fill('https://a.example') },
    })
    expect((await post('/model/new', bodyOf(3))).status).toBe(200)
    const { status, body } = await post('/model/new', bodyOf(4))
    expect([status, body]).toEqual([
      400,
      refusal(
        "The write has more than 3 addresses (option 'limits.maxAddresses'). Remove what the model does not need.",
      ),
    ])
  })

  test('maxValues: a model gets no more values by updates than one body can bring', async () => {
    const { post, send } = await makeApp({ limits: { maxValues: 50 } })
    const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0)
    const body = { ...model, litellm_params: { model: 'x', a: zeros(30) } }
    const { model_id: id } = (await post('/model/new', body)).body
    const update = async (params: object): Promise<unknown[]> => {
      const { status, body: answer } = await send('patch', `/model/${id}/update`, { litellm_params: params })
      return status === 200 ? [200] : [status, answer]
    }
    expect(await update({ b: zeros(30) })).toEqual([
      400,
      refusal(
        "The model would have more than 50 values (option 'limits.maxValues'). Remove what it does not need.",
      ),
    ])
    expect(await update({ b: zeros(10) })).toEqual([200])
  })
})
