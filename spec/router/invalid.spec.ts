import { makeApp } from '../support/app'

const good = { model_name: 'm', litellm_params: { model: 'x' } }
const wrong = (type: string, loc: readonly (string | number)[], msg: string): object => ({
  detail: [{ type, loc: ['body', ...loc], msg }],
})

/** [what, body, answer] */
const bodies: readonly (readonly [string, unknown, object])[] = [
  ['no model_name', { litellm_params: {} }, wrong('missing', ['model_name'], 'Field required')],
  ['no litellm_params', { model_name: 'm' }, wrong('missing', ['litellm_params'], 'Field required')],
  [
    'an empty model_name',
    { ...good, model_name: '' },
    {
      detail: [
        {
          type: 'string_too_short',
          loc: ['body', 'model_name'],
          msg: 'String should have at least 1 character',
        },
        { type: 'string_pattern_mismatch', loc: ['body', 'model_name'], msg: 'String should not be blank' },
      ],
    },
  ],
  [
    'a blank model_name',
    { ...good, model_name: ' ' },
    wrong('string_pattern_mismatch', ['model_name'], 'String should not be blank'),
  ],
  [
    'a number as model_name',
    { ...good, model_name: 5 },
    wrong('string_type', ['model_name'], 'Input should be a valid string'),
  ],
  [
    'a number as api_key',
    { ...good, litellm_params: { api_key: 5 } },
    wrong('string_type', ['litellm_params', 'api_key'], 'Input should be a valid string'),
  ],
  [
    'an empty model',
    { ...good, litellm_params: { model: '' } },
    wrong('string_too_short', ['litellm_params', 'model'], 'String should have at least 1 character'),
  ],
  [
    'a blank model',
    { ...good, litellm_params: { model: ' \t' } },
    wrong('string_pattern_mismatch', ['litellm_params', 'model'], 'String should not be blank'),
  ],
  [
    'null as the model',
    { ...good, litellm_params: { model: null } },
    wrong('string_type', ['litellm_params', 'model'], 'Input should be a valid string'),
  ],
  [
    'a text as rpm',
    { ...good, litellm_params: { rpm: 'abc' } },
    wrong(
      'int_parsing',
      ['litellm_params', 'rpm'],
      'Input should be a valid integer, unable to parse string as an integer',
    ),
  ],
  [
    'a fraction as rpm',
    { ...good, litellm_params: { rpm: 1.5 } },
    wrong(
      'int_from_float',
      ['litellm_params', 'rpm'],
      'Input should be a valid integer, got a number with a fractional part',
    ),
  ],
  [
    'a list as rpm',
    { ...good, litellm_params: { rpm: [] } },
    wrong('int_type', ['litellm_params', 'rpm'], 'Input should be a valid integer'),
  ],
  [
    'a word as a price',
    { ...good, litellm_params: { input_cost_per_token: 'cheap' } },
    wrong(
      'float_parsing',
      ['litellm_params', 'input_cost_per_token'],
      'Input should be a valid number, unable to parse string as a number',
    ),
  ],
  [
    'a list as a price',
    { ...good, litellm_params: { input_cost_per_token: [] } },
    wrong('float_type', ['litellm_params', 'input_cost_per_token'], 'Input should be a valid number'),
  ],
  [
    '3 as a flag',
    { ...good, litellm_params: { use_litellm_proxy: 3 } },
    wrong(
      'bool_parsing',
      ['litellm_params', 'use_litellm_proxy'],
      'Input should be a valid boolean, unable to interpret input',
    ),
  ],
  [
    '"maybe" as a flag',
    { ...good, litellm_params: { use_litellm_proxy: 'maybe' } },
    wrong(
      'bool_parsing',
      ['litellm_params', 'use_litellm_proxy'],
      'Input should be a valid boolean, unable to interpret input',
    ),
  ],
  [
    'a list as a flag',
    { ...good, litellm_params: { use_litellm_proxy: [] } },
    wrong('bool_type', ['litellm_params', 'use_litellm_proxy'], 'Input should be a valid boolean'),
  ],
  [
    'a text as tags',
    { ...good, litellm_params: { tags: 'a' } },
    wrong('list_type', ['litellm_params', 'tags'], 'Input should be a valid list'),
  ],
  [
    'a text as litellm_params',
    { ...good, litellm_params: 'a' },
    wrong(
      'model_attributes_type',
      ['litellm_params'],
      'Input should be a valid dictionary or object to extract fields from',
    ),
  ],
  [
    'a list as model_info',
    { ...good, model_info: [] },
    wrong(
      'model_attributes_type',
      ['model_info'],
      'Input should be a valid dictionary or object to extract fields from',
    ),
  ],
  [
    'a text as a config object',
    { ...good, litellm_params: { quality_router_config: 'a' } },
    wrong('dict_type', ['litellm_params', 'quality_router_config'], 'Input should be a valid dictionary'),
  ],
  [
    'an unknown tier',
    { ...good, model_info: { tier: 'gold' } },
    wrong('literal_error', ['model_info', 'tier'], "Input should be 'free' or 'paid'"),
  ],
  [
    'a list as the body',
    [],
    wrong('model_attributes_type', [], 'Input should be a valid dictionary or object to extract fields from'),
  ],
  [
    'U+0000 in a value',
    { ...good, litellm_params: { model: 'a\u0000b' } },
    wrong('value_error', ['litellm_params', 'model'], 'Value error, U+0000 cannot be stored'),
  ],
  [
    'half a surrogate pair',
    { ...good, model_info: { note: '\ud800' } },
    wrong(
      'string_unicode',
      ['model_info', 'note'],
      'Input should be a valid string, unable to parse raw data as a unicode string',
    ),
  ],
]

/** [what, text, content type, status, answer] */
const raw: readonly (readonly [string, string, string, number, object])[] = [
  [
    'broken JSON',
    '{"model_name":',
    'application/json',
    422,
    wrong('json_invalid', [14], 'JSON decode error'),
  ],
  ['no body', '', 'application/json', 422, wrong('missing', [], 'Field required')],
  [
    'a body that is not JSON',
    'model_name=m',
    'application/x-www-form-urlencoded',
    422,
    wrong('model_attributes_type', [], 'Input should be a valid dictionary or object to extract fields from'),
  ],
  [
    'JSON under another type',
    JSON.stringify(good),
    'text/plain',
    422,
    wrong('model_attributes_type', [], 'Input should be a valid dictionary or object to extract fields from'),
  ],
  [
    '__proto__ as a key',
    '{"model_name":"m","litellm_params":{"__proto__":{"x":1}}}',
    'application/json',
    422,
    wrong('extra_forbidden', ['litellm_params', '__proto__'], 'Extra inputs are not permitted'),
  ],
  [
    'a number beyond all bounds',
    '{"model_name":"m","litellm_params":{"timeout":1e999}}',
    'application/json',
    422,
    wrong('finite_number', ['litellm_params', 'timeout'], 'Input should be a finite number'),
  ],
  [
    'depth 10,000',
    `{"model_name":"m","litellm_params":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    'application/json',
    422,
    wrong('value_error', ['litellm_params', 'x'], 'Value error, nested deeper than 64 levels'),
  ],
  [
    'a 5 MB string',
    JSON.stringify({ ...good, model_name: 'm'.repeat(5_000_000) }),
    'application/json',
    413,
    {
      error: {
        message: 'The body is larger than this server reads.',
        type: 'validation_error',
        param: null,
        code: '413',
      },
    },
  ],
]

describe('what cannot be stored', () => {
  it.each(bodies)('O1 %s is 422 with its path, and nothing is stored', async (_, body, answer) => {
    const { get, post } = await makeApp()
    const response = await post('/model/new', body)
    expect([response.status, response.body]).toEqual([422, answer])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it.each(raw)('O1 %s is refused, and nothing is stored', async (_, text, type, status, answer) => {
    const { get, post } = await makeApp()
    const response = await post('/model/new', text).type(type)
    expect([response.status, response.body]).toEqual([status, answer])
    expect((await get('/model/info')).body).toEqual({ data: [] })
  })

  it('reports everything that is wrong at once', async () => {
    const { post } = await makeApp()
    const { body } = await post('/model/new', { model_info: 1 })
    expect(body.detail.map((one: { loc: unknown[] }) => one.loc.join('.'))).toEqual([
      'body.model_name',
      'body.litellm_params',
      'body.model_info',
    ])
  })

  it('a wrong field with a bad key is 401: nothing is told to strangers', async () => {
    const { post } = await makeApp()
    expect((await post('/model/new', {}, 'sk-wrong')).status).toBe(401)
  })
})
