import type { JsonObject, ResolvedDeployment } from 'express-model-management'
import { OpenAiError } from './openai-error'
import { usableAnswer } from './provider-answer'
import type { ProviderAnswer } from './provider-answer'
import { UnusableDeployment, upstreamCall } from './upstream'
import type { ForwardedPath } from './upstream'

export interface ForwardedCall {
  readonly path: ForwardedPath
  /** The model as the caller names it: the one of a team has another name inside, which is told to nobody. */
  readonly name: string
  readonly body: JsonObject
  readonly signal: AbortSignal
}

export interface Forwarded {
  readonly deployment: ResolvedDeployment
  readonly answer: ProviderAnswer
}

/**
 * What the first deployment answers that can be called, be it an error.
 *
 * Rejects with an `OpenAiError` when none can, and with the signal's reason once it is aborted.
 */
export async function forward(
  deployments: readonly ResolvedDeployment[],
  { path, name, body, signal }: ForwardedCall,
): Promise<Forwarded> {
  const reasons = new Set<string>()
  for (const deployment of deployments) {
    try {
      const { url, ...call } = upstreamCall(deployment, path, body)
      // A redirect that is followed would carry the key to a place that the deployment does not name.
      const answer = await fetch(url, { ...call, method: 'POST', redirect: 'manual', signal })
      return { deployment, answer: await usableAnswer(answer, deployment) }
    } catch (error) {
      signal.throwIfAborted()
      const reason = reasonOf(error)
      reasons.add(reason)
      // As JSON: an id with the end of a line in it is no line of its own.
      console.error(`Model ${JSON.stringify([deployment.id, name])} cannot be called: ${reason}`)
    }
  }
  const message = `No deployment of '${name}' can be called: ${[...reasons].join('; ')}.`
  throw new OpenAiError(502, message, { type: 'api_connection_error', code: 'upstream_unreachable' })
}

/** Without keys and hosts, since callers read it. */
function reasonOf(error: unknown): string {
  if (error instanceof UnusableDeployment) return error.message
  const { code } = Object((error as Error).cause) as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'the connection failed'
}
