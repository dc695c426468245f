import { isAddress } from '../model-info/addresses'
import type { FileLists, NamesOptions } from './names'
import { matchesPattern } from './patterns'
import type { Row } from './row'
import type { Scope } from './visibility'

/** What a name falls back to, as far as the caller has it in a list. */
export async function createFallbackNames(
  scope: Scope,
  { metadata }: NamesOptions,
  { fallbacks }: Pick<FileLists, 'fallbacks'>,
  seen: () => Promise<readonly Row[]>,
): Promise<(name: string) => readonly string[]> {
  const all = metadata === undefined ? undefined : fallbacks[metadata]
  if (all === undefined || all.size === 0) return () => []
  const fallbacksOf = (name: string): readonly string[] => all.get(name) ?? all.get('*') ?? []
  if (scope.admin) return fallbacksOf
  const names = new Set((await seen()).map((row) => row.publicName))
  const patterns = [...names].filter((name) => name.includes('*'))
  const isSeen = (name: string): boolean =>
    names.has(name) || (!isAddress(name) && patterns.some((pattern) => matchesPattern(pattern, name)))
  return (name) => fallbacksOf(name).filter(isSeen)
}
