import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import type { Environment } from '../yaml/environment'
import { appendEdits, removeEdits, rewriteEdits } from '../yaml/edit-list'
import { mapEdits, memberOf } from '../yaml/edit-map'
import type { Loose } from '../yaml/edit-map'
import { layoutOf } from '../yaml/layout'
import type { Written } from '../yaml/layout'
import { spliced } from '../yaml/splice'
import type { Splice } from '../yaml/splice'
import { describePlace } from '../yaml/tree'
import type { BatchResult, ModelDraft, Refusal, StoredModel, Write } from './adapter'
import { contentOf, managedKeys, modelFile, modelOf, valueOf } from './yaml-file-models'
import type { FileEntry, ModelFile } from './yaml-file-models'

export interface Applied {
  /** As the file should be; unchanged where a write was refused. */
  readonly next: ModelFile
  readonly result: BatchResult
}

/** Of these the order says nothing: drafts always have them in the same one. */
const loose: Loose = {
  keys: new Set(['model_name', 'litellm_params', 'model_info']),
  within: { model_info: managedKeys },
}

/**
 * Edits the text of the entries that the writes are about and leaves every other byte.
 *
 * Each new text is read again before it is used. One that says anything else than it should is not used, so that an odd
 * way of writing can at worst keep a model from being changed, never spoil another one.
 */
export function applyWrites(
  state: ModelFile,
  writes: readonly Write[],
  file: string,
  environment: Environment,
): Applied {
  let now = state
  let laid: { readonly text: string; readonly layout: Written | undefined } | undefined
  let pending: ModelDraft[] = []
  const models: StoredModel[] = []

  for (const [index, write] of writes.entries()) {
    const outcome = write.kind === 'create' ? add(write.draft) : change(write)
    if (typeof outcome === 'string') return { next: state, result: { ok: false, index, reason: outcome } }
    if (outcome !== undefined) models.push(outcome)
  }
  flush()
  return { next: now, result: { ok: true, models } }

  /** Creations that follow each other are written together. */
  function add(draft: ModelDraft): Refusal | undefined {
    if (pending.some(({ id }) => id === draft.id) || now.entries.some(({ id }) => id === draft.id))
      return 'exists'
    pending.push(draft)
    return undefined
  }

  function flush(): void {
    if (pending.length === 0) return
    const values = pending.map((draft) => valueOf(draft))
    const expected = [...now.entries.map(({ content }) => content), ...pending.map(contentOf)]
    const edits = appendEdits(now.text, layout(), now.root, 'model_list', values)
    now = firstGood([() => edits], expected, undefined)
    models.push(...now.entries.slice(-pending.length).map(modelOf))
    pending = []
  }

  function change(write: Write & { kind: 'update' | 'delete' }): StoredModel | Refusal {
    flush()
    const id = write.kind === 'update' ? write.draft.id : write.id
    const at = now.entries.findIndex((entry) => entry.id === id)
    const entry = now.entries[at]
    if (entry === undefined) return 'missing'
    const twin = now.entries.find((other) => other.id === id && other !== entry)
    if (twin !== undefined) throw ambiguous(entry, twin)
    if (write.ifRevision !== undefined && write.ifRevision !== entry.revision) return 'stale'
    const contents = now.entries.map(({ content }) => content)
    if (write.kind === 'update') {
      const expected = contents.with(at, contentOf(write.draft))
      now = firstGood(updates(at, entry, valueOf(write.draft, entry)), expected, entry)
      return modelOf(now.entries[at] ?? entry)
    }
    const attempts = [true, false].map((withBlank) => () => removal(at, withBlank))
    now = firstGood(attempts, contents.toSpliced(at, 1), entry)
    return modelOf(entry)
  }

  /** Field by field, so that comments stay; else the whole entry anew. */
  function updates(at: number, entry: FileEntry, value: JsonObject): readonly (() => Edits)[] {
    const item = () => {
      const list = listMember()?.value
      return list?.kind === 'list' ? list.items[at] : undefined
    }
    return [
      () => {
        const written = item()?.value
        return written && mapEdits(now.text, written, entry.tree, value, loose)
      },
      () => {
        const written = item()
        return written && rewriteEdits(now.text, written, value)
      },
    ]
  }

  function removal(at: number, withBlank: boolean): Edits {
    const owner = listMember()
    return owner?.value.kind === 'list' ? removeEdits(now.text, owner, at, withBlank) : undefined
  }

  function listMember() {
    return now.root?.kind === 'map' ? memberOf(layout(), now.root, 'model_list') : undefined
  }

  function layout(): Written | undefined {
    if (laid?.text !== now.text) laid = { text: now.text, layout: layoutOf(now.text) }
    return laid.layout
  }

  function firstGood(
    attempts: readonly (() => Edits)[],
    expected: readonly string[],
    entry: FileEntry | undefined,
  ): ModelFile {
    for (const attempt of attempts) {
      const edits = attempt()
      const text = edits && spliced(now.text, edits)
      const next = text === undefined ? undefined : readAgain(text)
      if (next !== undefined && says(next, expected)) return next
    }
    throw refused(entry)
  }

  function readAgain(text: string): ModelFile | undefined {
    try {
      return modelFile(text, file, environment)
    } catch {
      // The edit has broken the text: it is not used, and the caller is told so.
      return undefined
    }
  }

  function says(next: ModelFile, expected: readonly string[]): boolean {
    return (
      next.rest === now.rest &&
      next.entries.length === expected.length &&
      next.entries.every(({ content }, index) => content === expected[index])
    )
  }

  function refused(entry: FileEntry | undefined): ModelManagementError {
    const what =
      entry === undefined
        ? `${file}: a model cannot be added`
        : `${describePlace(entry.tree)}: this model cannot be changed`
    const advice =
      'the way the file is written does not allow it (an anchor used elsewhere, perhaps); edit the file by hand'
    return new ModelManagementError('storage_refused', `${what} without changing something else: ${advice}.`)
  }
}

type Edits = readonly Splice[] | undefined

function ambiguous(one: FileEntry, other: FileEntry): ModelManagementError {
  const [here, there] = [one, other].map(({ tree }) => describePlace(tree))
  return new ModelManagementError(
    'storage_refused',
    `The models at ${here} and ${there} have the same id; give one of them a model_info.id of its own.`,
    { id: one.id },
  )
}
