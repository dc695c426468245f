import { pathPattern } from './paths'
import type { PathPattern } from './paths'
import type { Route } from './route'

/** What a request is for. Paths of ours by a method they do not have are answered too. */
export interface Match extends Pick<PathPattern, 'params'> {
  readonly route: Answerable
}

export type Answerable = Pick<Route, 'access' | 'action' | 'body' | 'family' | 'handle' | 'path' | 'query'>

/** Undefined for what is the host's. */
export type Matcher = (method: string, path: string) => Match | undefined

/** Finds the route of a request. A path without parameters is one look-up, however many routes there are. */
export function matcher(routes: readonly Route[]): Matcher {
  const plain = new Map<string, MatchByMethod>()
  const patterns: { readonly expression: RegExp; readonly byMethod: MatchByMethod }[] = []
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path)
    const { expression, params } = pathPattern(path)
    const byMethod = matchByMethod(here, path, params)
    if (path.includes('{')) patterns.push({ expression, byMethod })
    else plain.set(path, byMethod)
  }
  return (method, path) => {
    const byMethod = plain.get(path) ?? patterns.find(({ expression }) => expression.test(path))?.byMethod
    return byMethod?.(method)
  }
}

type MatchByMethod = (method: string) => Match | undefined

function matchByMethod(routes: readonly Route[], path: string, params: Match['params']): MatchByMethod {
  const matches = new Map(routes.map((route) => [route.method.toUpperCase(), { route, params }] as const))
  const allowed = [...matches.keys()]
  // What GET answers, HEAD answers without the body, as in Express.
  const get = matches.get('GET')
  if (get !== undefined) matches.set('HEAD', get)
  const refusal = { route: methodNotAllowed(path, allowed), params }
  // A host may have verbs of OpenAI's API for its models, and `OPTIONS` is its own, since the CORS is.
  const isShared = /^(\/v1)?\/models/.test(path)
  return (method) => matches.get(method) ?? (isShared || method === 'OPTIONS' ? undefined : refusal)
}

/** For paths of LiteLLM's management API: another method is told so. */
function methodNotAllowed(path: string, allowed: readonly string[]): Answerable {
  const headers = { Allow: allowed.join(', ') }
  const refusal = { status: 405, body: { detail: 'Method Not Allowed' }, headers }
  return { access: 'key', family: 'none', path, handle: () => refusal }
}
