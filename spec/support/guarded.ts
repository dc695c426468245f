import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import type supertest from 'supertest'
import type { GuardedRequest, GuardOptions } from '../../lib/http/guard'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from './app'
import { holding } from './held'

const keys = [
  { key: 'sk-narrow', userId: 'ned', role: 'internal_user', models: ['other'] },
  { key: 'sk-team', userId: 'ann', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
] as const

/** An error as OpenAI's clients know it. */
export const openAiError = (
  message: string,
  type: string,
  code: string | null,
  param: string | null = null,
): object => ({ error: { message, type, param, code } })

export const noModel = openAiError(
  "Name a model: send a JSON object with the member 'model'.",
  'invalid_request_error',
  null,
  'model',
)

/** Shows what the guard says of a request. */
export const show: RequestHandler = (request, response) => {
  const { caller, deployments, requestedModel } = (request as Request & GuardedRequest).models
  response.json({ caller, ids: deployments.map(({ id }) => id), requestedModel, body: request.body })
}

export const isAdmin = { userId: 'default_user_id', role: 'proxy_admin' }
/** What `show` answers to an administrator who asks for the model `m`. */
export const passed = (body: unknown): unknown[] => [
  200,
  { caller: isAdmin, ids: ['one'], requestedModel: 'm', body },
]

interface Shape {
  readonly options?: RouterOptions
  readonly guard?: GuardOptions
  readonly before?: readonly RequestHandler[]
  readonly after?: readonly ErrorRequestHandler[]
  readonly handler?: RequestHandler
}

/** An app with a route of the host behind the guard; it answers with what the guard says. */
export async function guarded({ options = {}, guard, before = [], after = [], handler = show }: Shape = {}) {
  const { adapter } = await holding({ one: { litellm_params: { model: 'x', api_key: 'sk-provider-0001' } } })
  const made = await makeApp({ adapter, auth: { masterKey, keys }, ...options }, { before })
  made.app.all('/call', made.router.guard(guard), handler)
  for (const last of after) made.app.use(last)
  const call = (body: unknown, key: string | null = masterKey): supertest.Test =>
    made.post('/call', body, key)
  return { ...made, call }
}
