import type { JsonValue } from '../json'
import type { Edit } from './edit'
import { leavesOf, valueAt } from './leaves'
import type { Path } from './path'

/**
 * The path of a secret that readers were not shown and would be shown from now on, although it was not sent: a mask that came
 * back in `{ name: 'api_key', value: '********' }` brings the secret along when the name beside it says something harmless now.
 */
export function revealedIn({
  next,
  before,
  root,
  hiddenBefore,
  hiddenNext,
  isSent,
}: Edit): string | undefined {
  if (before === undefined || hiddenBefore.length === 0) return undefined
  const secrets = new Set<JsonValue>(hiddenBefore.map(({ value }) => value))
  const wasHidden = new Set<Path>(hiddenBefore.map(({ path }) => path))
  const isHidden = new Set<Path>(hiddenNext.map(({ path }) => path))
  const wasShown = (path: Path, value: JsonValue): boolean =>
    !wasHidden.has(path) && valueAt(before, path) === value
  return leavesOf(next, root)
    .find(
      (leaf) =>
        secrets.has(leaf.value) &&
        !isHidden.has(leaf.path) &&
        // Sent at its own place only: sent beside it, a guess would be told whether it is right.
        !isSent(leaf) &&
        !wasShown(leaf.path, leaf.value),
    )
    ?.path.toString()
}
