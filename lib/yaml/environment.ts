import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import type { Entry, Tree } from './tree'

/** The value of a variable, or `undefined` where it is not set. */
export type Environment = (name: string) => string | undefined

/** A reference whose variable is not set. Neither part is a secret. */
export interface UnsetReference {
  /** As `litellm_params.api_key`. */
  readonly path: string
  readonly variable: string
}

export interface Resolved {
  /** `undefined` when the value itself is a reference to nothing. */
  readonly value: JsonValue | undefined
  readonly unset: readonly UnsetReference[]
}

const prefix = 'os.environ/'
const tokenPrefix = 'oidc/'

/** LiteLLM looks at mappings down to this level of the file; the root is 0, `litellm_params` is 2. */
const deepest = 10
const paramsLevel = 2

export function processEnvironment(name: string): string | undefined {
  return Object.hasOwn(process.env, name) ? process.env[name] : undefined
}

/** The file's `environment_variables` behind what is set already. `process.env` is never written. */
export function withDefaults(environment: Environment, variables: ReadonlyMap<string, string>): Environment {
  return (name) => environment(name) ?? variables.get(name)
}

/**
 * True for the text `os.environ/NAME`, and for `oidc/…`, by which LiteLLM fetches a token; there is no interpolation inside
 * longer texts.
 */
export function isReference(value: unknown): value is string {
  return isVariable(value) || (typeof value === 'string' && value.startsWith(tokenPrefix))
}

/** True for the text `os.environ/NAME`. */
export function isVariable(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(prefix)
}

/** What a reference leads to. */
export type Referent =
  | { readonly kind: 'variable'; readonly name: string }
  /** A file that holds a token, or the variable that holds its path. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'path'; readonly name: string }
  /** Whoever gives out tokens, as `oidc/google/AUDIENCE`. */
  | { readonly kind: 'issuer' }

/**
 * What a text refers to. Also for what is a reference only to a reader that is less strict than LiteLLM, with blanks before it or
 * in another case.
 */
export function referentOf(value: unknown): Referent | undefined {
  if (typeof value !== 'string') return undefined
  const [, scheme = '', rest = ''] = /^\s*(os\.environ|oidc)\/([^]*)$/i.exec(value) ?? []
  // LiteLLM reads `os.environ/oidc/…` like `oidc/…`, and takes the prefix away as often as it stands there.
  if (scheme.toLowerCase() === 'os.environ') return referentOf(rest) ?? { kind: 'variable', name: rest }
  if (scheme === '') return undefined
  const slash = rest.indexOf('/')
  const [source, name] = slash < 0 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash + 1)]
  switch (source.toLowerCase()) {
    case 'env':
      return { kind: 'variable', name }
    case 'env_path':
      return { kind: 'path', name }
    case 'file':
      return { kind: 'file', path: name }
    default:
      return { kind: 'issuer' }
  }
}

/** The name of the variable that a reference stands for. */
export function variableIn(reference: string): string {
  return reference.slice(prefix.length)
}

export interface ResolveOptions {
  readonly level?: number
  readonly path?: string
  /** Whether a text is a reference that is left out like one to a variable that is not set. */
  readonly isDenied?: (value: JsonValue) => boolean
}

/**
 * The value with its references replaced; keys whose variable is not set are left out and named.
 *
 * By LiteLLM's rule a text that stands directly in a list is never a reference, nor is anything in a list inside a list.
 * `level` is the depth that the value has in a config file, by default that of `litellm_params`.
 */
export function resolveReferences(
  value: JsonValue,
  environment: Environment,
  { level = paramsLevel, path = '', isDenied = () => false }: ResolveOptions = {},
): Resolved {
  const unset: UnsetReference[] = []

  function one(item: JsonValue, at: string, depth: number): JsonValue | undefined {
    if (isDenied(item)) {
      unset.push({ path: at, variable: variableIn(item as string) })
      return undefined
    }
    if (isVariable(item)) {
      const found = lookUp(item, environment)
      if (found === undefined) unset.push({ path: at, variable: variableIn(item) })
      return found
    }
    if (Array.isArray(item)) {
      const items = item as readonly JsonValue[]
      return items.map((each, index) => (isJsonObject(each) ? mapping(each, `${at}.${index}`, depth) : each))
    }
    return isJsonObject(item) ? mapping(item, at, depth) : item
  }

  function mapping(object: JsonObject, at: string, depth: number): JsonObject {
    if (depth > deepest) return object
    const members = Object.entries(object).map(([key, item]) => {
      return [key, one(item, at === '' ? key : `${at}.${key}`, depth + 1)] as const
    })
    return Object.fromEntries(members.filter(isSet))
  }

  return { value: one(value, path, level), unset }
}

function isSet(member: readonly [string, JsonValue | undefined]): member is readonly [string, JsonValue] {
  return member[1] !== undefined
}

/** The same rule over the typed tree, for the id. */
export function resolveTree(tree: Tree, environment: Environment, level = paramsLevel): Tree | undefined {
  switch (tree.kind) {
    case 'string':
      return isVariable(tree.value) ? resolvedScalar(tree, lookUp(tree.value, environment)) : tree
    case 'list':
      return {
        ...tree,
        items: tree.items.map((item) =>
          item.kind === 'map' ? (resolveTree(item, environment, level) ?? item) : item,
        ),
      }
    case 'map': {
      if (level > deepest) return tree
      const entries = new Map<string, Entry>()
      for (const [identity, { key, value }] of tree.entries) {
        const resolved = resolveTree(value, environment, level + 1)
        if (resolved !== undefined) entries.set(identity, { key, value: resolved })
      }
      return { ...tree, entries }
    }
    default:
      return tree
  }
}

function resolvedScalar({ source, offset }: Tree, value: string | boolean | undefined): Tree | undefined {
  if (value === undefined) return undefined
  return typeof value === 'boolean'
    ? { kind: 'bool', value, source, offset }
    : { kind: 'string', value, source, offset }
}

/** `true` and `false`, in any case, are booleans; nothing else is converted. */
function lookUp(reference: string, environment: Environment): string | boolean | undefined {
  const text = environment(variableIn(reference))
  const word = text?.trim().toLowerCase()
  return word === 'true' || word === 'false' ? word === 'true' : text
}
