import { createSecretMatcher } from '../secret-matcher'
import type { ModelSource } from './adapter'

/** By name, so that it is the same one for every copy of this package in a process. */
const key = Symbol.for('express-model-management.ownsSecret')

type Owner = { readonly [key]?: (text: string) => boolean }

/**
 * Lets the router ask an adapter whether a text is a secret of its own, or of the adapter below it, without telling any.
 * Returns the adapter.
 */
export function withOwnSecrets<T extends ModelSource>(
  adapter: T,
  secrets: readonly (string | undefined)[],
  below?: ModelSource,
): T {
  const matches = createSecretMatcher(secrets)
  const value = (text: string): boolean => matches(text) || (below !== undefined && ownsSecret(below, text))
  return Object.defineProperty(adapter, key, { value, configurable: true })
}

/** Whether a text is, or holds, a secret that the adapter was opened with. */
export function ownsSecret(adapter: ModelSource, text: string): boolean {
  return (adapter as Owner)[key]?.(text) ?? false
}
