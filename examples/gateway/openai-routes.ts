import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import type { Request, RequestHandler, Response, Router } from 'express'
import type { GuardedRequest, JsonObject, ModelManagementRouter } from 'express-model-management'
import { forward } from './forward'
import type { Forwarded } from './forward'
import { inTurn } from './pick'
import { forwardedPaths } from './upstream'
import type { ForwardedPath } from './upstream'

/** Images come within the body, as texts. */
const bodyLimit = 10 * 1024 * 1024

/** OpenAI's API in front of the models: each call goes to a deployment of the model that it names. */
export function openAiRoutes(models: ModelManagementRouter): Router {
  const router = express.Router()
  const guard = models.guard({ bodyLimit })
  for (const path of forwardedPaths) router.post(`/v1/${path}`, guard, answerAt(path))
  return router
}

function answerAt(path: ForwardedPath): RequestHandler {
  return (request, response, next) => {
    // Express 4 does not look after promises.
    answer(request as Request & GuardedRequest, response, path).catch((error: unknown) =>
      process.nextTick(next, error),
    )
  }
}

async function answer(request: Request & GuardedRequest, response: Response, path: ForwardedPath) {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const { deployments, requestedModel = '' } = request.models
  const forwarded = await forward(inTurn(deployments), {
    path,
    name: requestedModel,
    body: request.body as JsonObject,
    signal: gone.signal,
  })
  await send(forwarded, response)
}

/** Passes the answer on while it comes in, so that a stream stays one. */
async function send({ deployment, answer: { status, headers, body } }: Forwarded, response: Response) {
  response.status(status).set({
    ...headers,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // An id may hold what no header can.
    'x-litellm-model-id': encodeURI(deployment.id.toWellFormed()),
  })
  response.flushHeaders()
  if (typeof body === 'string') response.end(body)
  else await pipeline(Readable.fromWeb(body), response)
}
