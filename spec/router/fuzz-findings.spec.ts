import { canary, findCanaries } from '../support/canary'
import { makeApp } from '../support/app'

const secret = canary(1)

it.each([
  ['/models/%zz', 'get', 'model'],
  [`/v1/models/${secret}%`, 'get', 'model'],
  ['/model/%ff/update', 'patch', 'model_id'],
  ['/access_group/%E0%A4%A/info', 'get', 'access_group'],
] as const)('%s, which decodes to nothing, is refused without a repeat of it', async (path, method, name) => {
  const { get, send } = await makeApp()
  const { status, body, headers } = await (method === 'get' ? get(path) : send(method, path, {}))
  const detail = `The path's ${name} cannot be decoded: a % in it is not followed by the code of a character.`
  expect([status, headers['content-type'], body]).toEqual([400, 'application/json', { detail }])
})

it('an unknown scope is not repeated, whatever was pasted there', async () => {
  const { get } = await makeApp()
  const { status, text } = await get(`/v1/models?scope=${secret}`)
  expect([status, findCanaries(text)]).toEqual([400, []])
})
