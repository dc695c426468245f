import type { JsonObject } from '../json'
import type { Presenter } from '../model-info/present'
import type { TimeSlices } from '../time-slices'
import { byName } from './by-name'
import { codexModel, codexModelList } from './codex-models'
import { createCopiedList, jsonOf } from './list-bytes'
import type { ReadyBytes } from './list-bytes'
import type { NameEntry } from './names'
import { pageOf } from './names-page'
import type { NamesShape } from './names-page'
import type { Row } from './row'
import type { Scope } from './visibility'

/** What the list is made of. `rows` are those behind the entries. */
export interface NamesContext {
  readonly rows: readonly Row[]
  readonly scope: Scope
  readonly presenter: Presenter
  readonly slices: TimeSlices
}

/** The list of names as JSON. Throws `invalid_query` for a page that begins at a name that is not in the list. */
export async function formatNames(
  entries: readonly NameEntry[],
  shape: NamesShape | undefined,
  { rows, scope, presenter, slices }: NamesContext,
): Promise<ReadyBytes> {
  if (shape === undefined) return listOf(entries, '],"object":"list"}')
  const named = byName(rows, scope)
  const rowsOf = ({ id }: NameEntry): readonly Row[] => (named.get(id) ?? []).filter((row) => !row.blocked)
  if (shape.of === 'codex')
    return codexModelList(
      await slices.map(entries, (entry, at) =>
        codexModel(entry, rowsOf(entry), presenter, { priority: at, displayName: nameOf(entry) }),
      ),
    )
  const { shown, hasMore } = pageOf(entries, shape.page)
  const models = await slices.map(shown, (entry) => anthropicModel(entry, rowsOf(entry), presenter))
  const ends = { has_more: hasMore, first_id: shown[0]?.id ?? null, last_id: shown.at(-1)?.id ?? null }
  return listOf(models, `],${JSON.stringify(ends).slice(1)}`)

  function nameOf(entry: NameEntry): string {
    return displayName(entry, rowsOf(entry), presenter)
  }

  async function listOf(values: readonly unknown[], tail: string): Promise<ReadyBytes> {
    const list = createCopiedList()
    await slices.map(values, (value) => list.add(jsonOf(value)))
    return list.end(tail)
  }
}

/** A model as Anthropic's API shows it; the limits under the names of its Messages API. */
export function anthropicModel(entry: NameEntry, rows: readonly Row[], presenter: Presenter): JsonObject {
  return {
    type: 'model',
    id: entry.id,
    display_name: displayName(entry, rows, presenter),
    created_at: new Date(entry.created * 1000).toISOString().replace('.000Z', 'Z'),
    max_input_tokens: entry.max_input_tokens ?? null,
    max_tokens: entry.max_output_tokens ?? null,
  }
}

/** `model_info.display_name` of the first row that has one, else the name itself. */
function displayName({ id }: NameEntry, rows: readonly Row[], presenter: Presenter): string {
  for (const row of rows) {
    if (!Object.hasOwn(row.deployment.model_info, 'display_name')) continue
    const name = presenter.shown(row)('display_name')
    if (typeof name === 'string' && name !== '') return name
  }
  return id
}
