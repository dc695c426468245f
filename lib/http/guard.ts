import type { IncomingMessage, ServerResponse } from 'node:http'
import express from 'express'
import type { Request, Response } from 'express'
import type { Caller } from '../caller'
import type { Options } from '../options'
import { callable, checkMembers, count, either } from '../options/check'
import type { Checks } from '../options/check'
import type { Resolution, ResolvedDeployment } from '../registry/resolve'
import type { Callers } from './authenticate'
import { bodyOf, isJson } from './body'
import { assertSameOrigin } from './same-origin'
import { longName, noModel, refusalOf, refuse, unusable } from './openai-refusal'
import type { Refusal } from './openai-refusal'

/** A middleware of Express, of either major, or of anything else that hands on Node's own requests. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void

type Next = (error?: unknown) => void

/** A request as the guard shows it to the host: with the parsed body, where there is one. */
export interface IncomingRequest extends IncomingMessage {
  readonly body?: unknown
}

/** Names the model that a request asks for. A parameter of Express's own `Request` type fits, as for `Authenticate`. */
export type RequestedModel = {
  model(request: IncomingRequest): string | undefined
}['model']

export interface GuardOptions {
  /** The model that a request asks for; false where it asks for none, so that only its key is checked. @default `body.model` */
  readonly model?: RequestedModel | false | undefined
  /** Bytes of the largest body that is read. @default the router's `bodyLimit` */
  readonly bodyLimit?: number | undefined
}

/** What the guard has found out about a request that it lets through. */
export interface ModelAccess {
  readonly caller: Caller
  /** The deployments of the model, at least one, secrets in clear; none with `model: false`. */
  readonly deployments: readonly ResolvedDeployment[]
  /** The name that the caller knows the model by: fit for messages, unlike the names of deployments. */
  readonly requestedModel: string | undefined
}

/** A request behind the guard. */
export interface GuardedRequest {
  readonly models: ModelAccess
}

export interface GuardParts {
  readonly options: Pick<Options, 'bodyLimit' | 'limits' | 'trustedOrigins'>
  readonly callers: Callers
  /** Throws `not_ready` until everything was loaded for the first time. */
  readonly assertReady: () => void
  readonly resolve: (name: string, caller: Caller) => Promise<Resolution>
}

const checks: Checks<GuardOptions> = {
  model: either(callable, (value) => (value === false ? undefined : 'false')),
  bodyLimit: count,
}

/** Makes the middleware that `models.guard()` is. Throws `invalid_option`. */
export function guardOf(
  { options, callers, assertReady, resolve }: GuardParts,
  given: GuardOptions = {},
): Middleware {
  checkMembers(given, checks, 'guard.')
  const { model, bodyLimit = options.bodyLimit } = given
  const { maxNameLength } = options.limits
  const parse = express.json({ limit: bodyLimit, strict: false, type: () => true })

  /** The key comes first: for nobody unknown a body is read, or a model looked up. */
  async function judge(request: Request, response: Response): Promise<ModelAccess | Refusal> {
    const caller = await callers.authenticate(request)
    assertSameOrigin(request, callers.hasKey(request.headers), options.trustedOrigins)
    if (model === false) return { caller, deployments: [], requestedModel: undefined }
    assertReady()
    const name: unknown = await nameIn(request, response)
    if (typeof name !== 'string' || name === '') return noModel
    if (name.length > maxNameLength) return longName(maxNameLength)
    const { outcome, deployments } = await resolve(name, caller)
    return outcome === 'found' ? { caller, deployments, requestedModel: name } : unusable(outcome, name)
  }

  async function nameIn(request: Request, response: Response): Promise<unknown> {
    if (typeof model === 'function') {
      if (isJson(request.headers['content-type'] ?? '')) await bodyOf(request, response, parse)
      return model(request)
    }
    const body = hasParsed(request) ? request.body : await bodyOf(request, response, parse)
    return (Object(body) as { readonly model?: unknown }).model
  }

  async function admit(request: Request, response: Response, proceed: () => void): Promise<void> {
    const judged = await judge(request, response)
    if ('status' in judged) return refuse(response, judged)
    // Hidden from whatever prints requests, since it holds the keys of providers.
    Object.defineProperty(request, 'models', {
      value: Object.freeze(judged),
      configurable: true,
      writable: true,
    })
    proceed()
  }

  return function guard(request, response, next) {
    // Not within the promise: what a later handler throws is no rejection of it.
    const proceed = (): void => process.nextTick(next)
    const fail = (error: unknown): void => {
      const refusal = refusalOf(error)
      if (refusal === undefined) process.nextTick(next, asError(error))
      else refuse(response, refusal)
    }
    admit(request as Request, response as Response, proceed).catch(fail)
  }
}

/** Express takes an error that is false for none, and some texts for its own words. */
function asError(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) return error
  return new Error('The guard of a route failed.', { cause: error })
}

/** Whether the host's own parser has read the body, of whatever type that is. */
function hasParsed({ readableDidRead, body }: Request): boolean {
  return readableDidRead && typeof body === 'object' && !Buffer.isBuffer(body)
}
