import { validator } from '../../lib/schema/validator'

/** [field, sent, kept] as pydantic's lax mode reads it. */
const params: readonly (readonly [string, unknown, unknown])[] = [
  ['rpm', '6', 6],
  ['rpm', ' 6 ', 6],
  ['rpm', '6.0', 6],
  ['rpm', '1_000', 1000],
  ['rpm', true, 1],
  ['rpm', null, null],
  ['timeout', '30', '30'],
  ['timeout', 0.5, 0.5],
  ['max_budget', '1e-07', 1e-7],
  ['input_cost_per_token', '0.000002', 2e-6],
  ['input_cost_per_token', 0, 0],
  ['use_litellm_proxy', 'yes', true],
  ['use_litellm_proxy', 'Off', false],
  ['use_litellm_proxy', 'T', true],
  ['use_litellm_proxy', 0, false],
  ['drop_params', 'maybe', 'maybe'],
  ['vertex_credentials', { a: 1 }, { a: 1 }],
  ['some_key', '6', '6'],
  ['some_key', [{ a: '1' }], [{ a: '1' }]],
]

describe('typed fields', () => {
  it.each(params)('%s: %j is read as %j', (name, sent, kept) => {
    const body = { model_name: 'm', litellm_params: { [name]: sent } }
    const before = JSON.stringify(body)
    expect(validator('deployment')(body)).toEqual({
      ok: true,
      value: { model_name: 'm', litellm_params: { [name]: kept } },
    })
    expect(JSON.stringify(body)).toBe(before)
  })
})
