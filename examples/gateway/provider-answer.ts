import type { ResolvedDeployment } from 'express-model-management'
import { UnusableDeployment } from './upstream'

/** A provider's answer as far as it is passed on. */
export interface ProviderAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: NonNullable<Response['body']> | string
}

/** Further headers that are passed on. A cookie, say, is between the gateway and the provider. */
const passedOn = ['retry-after', 'x-request-id']
const json = 'application/json'
const eventStream = 'text/event-stream'
const mostErrorBytes = 64 * 1024

/** What a provider says of the gateway's own account there: callers would take it for their key with the gateway. */
const aboutCredentials: ReadonlySet<number> = new Set([401, 402, 403, 407])
/** The same within an answer of another status. */
const credentialCodes: ReadonlySet<unknown> = new Set([
  'invalid_api_key',
  'authentication_error',
  'permission_error',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'API_KEY_INVALID',
])

/** Throws `UnusableDeployment` for an answer that says nothing to the caller. */
export async function usableAnswer(
  answer: Response,
  { litellm_params: params }: ResolvedDeployment,
): Promise<ProviderAnswer> {
  const { status, body } = answer
  const type = /^[^;\s]*/.exec(answer.headers.get('content-type') ?? '')?.[0].toLowerCase() ?? ''
  const isJson = type === json || /^application\/[\w.-]+\+json$/.test(type)
  const headers = { ...Object.fromEntries(namedIn(answer.headers)), 'Content-Type': json }
  if (status < 300 && body !== null) {
    if (isJson) return { status, headers, body }
    if (type === eventStream) return { status, headers: { ...headers, 'Content-Type': type }, body }
  }
  const text = status >= 400 && isJson ? await firstBytes(body) : undefined
  await body?.cancel()
  if (status < 300) throw new UnusableDeployment('the provider answers with something that is not JSON')
  if (status < 400)
    throw new UnusableDeployment(
      `the provider redirects (${status}), which is not followed; let api_base name where it leads`,
    )
  const error = text === undefined || holdsSecret(text, params) ? undefined : parsed(text)
  if (aboutCredentials.has(status) || (error !== undefined && hasCredentialCode(error)))
    throw new UnusableDeployment(`the provider does not accept the credentials of the gateway (${status})`)
  return { status, headers, body: JSON.stringify(error ?? standIn(status)) }
}

function standIn(status: number): object {
  const message = `The provider of the model answers with an error (${status}).`
  return { error: { message, type: 'api_error', param: null, code: 'provider_error' } }
}

function namedIn(headers: Headers): readonly (readonly [string, string])[] {
  return passedOn.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
}

/** The text of an error; undefined where it is longer than errors are. */
async function firstBytes(body: Response['body']): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of (body?.values({ preventCancel: true }) ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > mostErrorBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    // It is no answer that a client could read.
    return undefined
  }
}

/** Some providers repeat what they were sent. */
function holdsSecret(
  text: string,
  { api_key: key, extra_headers: extra }: ResolvedDeployment['litellm_params'],
) {
  return [key, ...Object.values(Object(extra) as object)].some(
    (value) => typeof value === 'string' && value.length >= 8 && text.includes(value),
  )
}

function hasCredentialCode(error: object): boolean {
  const facts = Object((error as { readonly error?: unknown }).error ?? error) as Record<string, unknown>
  const details = [facts['details']].flat().map((detail) => (Object(detail) as { reason?: unknown }).reason)
  return [facts['code'], facts['type'], facts['status'], ...details].some((word) => credentialCodes.has(word))
}
