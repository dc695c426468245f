import { makeApp } from '../support/app'

const model = { model_name: 'm', litellm_params: { model: 'openai/x' } }

it.each([
  ['post', '/model/delete', { id: 'x'.repeat(257) }],
  ['post', '/model/block', { model_id: 'x'.repeat(257) }],
  ['post', '/model/update', { id: 'x'.repeat(257) }],
  ['post', '/model/new', { ...model, model_info: { id: 'x'.repeat(257) } }],
  ['get', `/model/info?litellm_model_id=${'x'.repeat(257)}`, undefined],
  ['get', `/v2/model/info?modelId=${'x'.repeat(257)}`, undefined],
] as const)('an id has at most 256 characters: %s %s', async (method, path, body) => {
  const { get, post } = await makeApp()
  const { status, body: answer } = await (method === 'get' ? get(path) : post(path, body))
  expect([status, answer.detail[0].type]).toEqual([422, 'string_too_long'])
})
