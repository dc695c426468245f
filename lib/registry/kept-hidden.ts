import type { JsonValue } from '../json'
import type { Edit } from './edit'
import { leavesOf } from './leaves'

/**
 * The path of a secret that readers were not shown and would be shown from now on, although it was not sent: a mask that came
 * back in `{ name: 'api_key', value: '********' }` brings the secret along when the name beside it says something harmless now.
 */
export function revealedIn(edit: Edit): string | undefined {
  const { next, before, root, hiddenBefore, hiddenNext } = edit
  const secrets = new Set<JsonValue>(hiddenBefore.values())
  if (before === undefined || secrets.size === 0) return undefined
  const shown = new Map(
    leavesOf(before, root).flatMap(({ path, value }) =>
      hiddenBefore.has(path) ? [] : [[path, value] as const],
    ),
  )
  return leavesOf(next, root)
    .find(
      (leaf) =>
        secrets.has(leaf.value) &&
        !hiddenNext.has(leaf.path) &&
        // Sent at its own place only: sent beside it, a guess would be told whether it is right.
        !edit.isSent(leaf) &&
        shown.get(leaf.path) !== leaf.value,
    )
    ?.path.toString()
}
