import { canary, findCanaries } from '../support/canary'
import { makeApp } from '../support/app'

const secret = canary(1)

it.each([
  ['/models/%zz', 'get'],
  [`/v1/models/${secret}%`, 'get'],
  ['/model/%ff/update', 'patch'],
  ['/access_group/%E0%A4%A/info', 'get'],
] as const)(
  '%s, which decodes to nothing, is refused here and not by the error page of the host',
  async (path, method) => {
    const { get, send } = await makeApp()
    const { status, body, headers } = await (method === 'get' ? get(path) : send(method, path, {}))
    expect([status, headers['content-type'], body]).toEqual([
      400,
      'application/json',
      {
        error: {
          message: 'The path holds a percent sign that encodes nothing. Send the sign itself as %25.',
          type: 'validation_error',
          param: null,
          code: '400',
        },
      },
    ])
  },
)

it('an unknown scope is not repeated, whatever was pasted there', async () => {
  const { get } = await makeApp()
  const { status, text } = await get(`/v1/models?scope=${secret}`)
  expect([status, findCanaries(text)]).toEqual([400, []])
})
