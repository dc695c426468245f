import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import type { Request, Response as ServerResponse, Router } from 'express'
import type {
  Caller,
  JsonObject,
  ModelManagementRouter,
  Outcome,
  ResolvedDeployment,
} from 'express-model-management'
import { forward } from './forward'
import { OpenAiError } from './openai-error'
import { inTurn } from './pick'
import { forwardedPaths } from './upstream'
import type { ForwardedPath } from './upstream'

/** Answer headers of a provider that its caller is to see. The length is not among them: fetch has unzipped the body. */
const passedOn = ['content-type', 'cache-control', 'retry-after', 'x-request-id']

/** Why a model cannot be used, in OpenAI's shape; the type of `forbidden` is LiteLLM's. */
const refusals: Readonly<Record<Exclude<Outcome, 'found'>, (name: string) => OpenAiError>> = {
  unknown: (name) =>
    new OpenAiError(404, `The model '${name}' does not exist.`, { param: 'model', code: 'model_not_found' }),
  forbidden: (name) =>
    new OpenAiError(403, `This key is not allowed to use the model '${name}'.`, {
      type: 'key_model_access_denied',
      param: 'model',
      code: 'model_access_denied',
    }),
  blocked: (name) =>
    new OpenAiError(503, `All deployments of the model '${name}' are paused.`, {
      type: 'service_unavailable',
      param: 'model',
      code: 'model_blocked',
    }),
}

/** OpenAI's API in front of the models: each call goes to a deployment of the model that it names. */
export function openAiRoutes(models: ModelManagementRouter, bodyLimit = '10mb'): Router {
  const router = express.Router()
  const parse = express.json({ limit: bodyLimit, type: () => true })
  // First the key, then the body: nobody's megabytes are not read.
  for (const path of forwardedPaths) router.post(`/v1/${path}`, authenticate, parse, answerAt(path))
  return router

  async function authenticate(request: Request, response: ServerResponse, next: () => void): Promise<void> {
    response.locals['caller'] = await models.authenticate(request)
    next()
  }

  function answerAt(path: ForwardedPath) {
    return async (request: Request, response: ServerResponse): Promise<void> => {
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      const body = requestBody(request.body)
      const deployments = await deploymentsOf(body.model, response.locals['caller'] as Caller)
      const { deployment, answer } = await forward(inTurn(deployments), path, body, gone.signal)
      await send(answer, deployment.id, response)
    }
  }

  async function deploymentsOf(name: string, caller: Caller): Promise<readonly ResolvedDeployment[]> {
    await models.ready()
    const { outcome, deployments } = await models.registry.resolveFresh(name, caller)
    if (outcome !== 'found') throw refusals[outcome](name)
    return deployments
  }
}

function requestBody(body: unknown): JsonObject & { readonly model: string } {
  const { model } = Object(body) as { readonly model?: unknown }
  if (typeof model === 'string' && model !== '') return body as JsonObject & { readonly model: string }
  throw new OpenAiError(400, "Name a model: send a JSON object with the member 'model'.", { param: 'model' })
}

/** Passes the answer on while it comes in, so that a stream stays one. */
async function send(answer: Response, modelId: string, response: ServerResponse): Promise<void> {
  // An id may hold what no header can.
  response.status(answer.status).set('x-litellm-model-id', encodeURI(modelId))
  for (const name of passedOn) {
    const value = answer.headers.get(name)
    if (value !== null) response.set(name, value)
  }
  response.flushHeaders()
  if (answer.body === null) response.end()
  else await pipeline(Readable.fromWeb(answer.body), response)
}
