import express from 'express'
import type { ErrorRequestHandler } from 'express'
import supertest from 'supertest'
import { errorCodes, ModelManagementError } from '../../lib/errors'
import { errorReply } from '../../lib/http/wire-errors'

describe('an error of this package in the error handler of a host', () => {
  it.each(errorCodes)('%s has what http-errors has', (code) => {
    const error = new ModelManagementError(code, 'a message')
    expect(error.status).toBeGreaterThanOrEqual(400)
    expect(error.statusCode).toBe(error.status)
    expect(error.expose).toBe(error.status < 500)
  })

  it.each(errorCodes)('%s has the status that the routes of this package answer with', (code) => {
    const { status, headers } = new ModelManagementError(code, 'a message')
    const reply = errorReply(new ModelManagementError(code, 'a message'), 'none')
    expect(reply.status).toBe(status)
    expect(reply.headers).toEqual(status === 500 ? { 'X-Request-Id': expect.any(String) } : headers)
  })

  it.each([
    ['no_key', 401, 'www-authenticate', 'Bearer'],
    ['unknown_key', 401, 'www-authenticate', 'Bearer'],
    ['view_only', 403, 'retry-after', undefined],
    ['unknown_name', 404, 'retry-after', undefined],
    ['body_too_large', 413, 'retry-after', undefined],
    ['not_ready', 503, 'retry-after', '1'],
    ['busy', 503, 'retry-after', '1'],
    ['invalid_option', 500, 'retry-after', undefined],
  ] as const)("%s is %i by Express's own handler", async (code, status, header, value) => {
    // As in production: elsewhere Express shows the stack, and writes it to stderr.
    const app = express().set('env', 'test')
    app.get('/', (_request, _response, next) => next(new ModelManagementError(code, 'a message')))
    const answer = await supertest(app).get('/')
    expect([answer.status, answer.headers[header]]).toEqual([status, value])
  })

  it('is answered by a handler that knows http-errors only', async () => {
    const handler: ErrorRequestHandler = (thrown, _request, response, _next) => {
      const { status, expose, message, headers } = thrown as ModelManagementError
      response
        .status(status)
        .set(headers ?? {})
        .json(expose ? message : 'hidden')
    }
    const answer = async (error: ModelManagementError): Promise<unknown[]> => {
      const app = express().get('/', (_request, _response, next) => next(error))
      const { status, body } = await supertest(app.use(handler)).get('/')
      return [status, body]
    }
    expect(await answer(new ModelManagementError('unknown_key', 'No such key.'))).toEqual([
      401,
      'No such key.',
    ])
    expect(await answer(new ModelManagementError('key_ring', 'Key k1 is missing.'))).toEqual([500, 'hidden'])
  })
})
