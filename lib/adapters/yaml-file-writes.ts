import { ModelManagementError } from '../errors'
import type { JsonObject } from '../json'
import { appendEdits, removeEdits, rewriteEdits, stripEdit } from '../yaml/edit-list'
import { mapEdits, memberOf } from '../yaml/edit-map'
import type { Loose } from '../yaml/edit-map'
import type { WrittenMember } from '../yaml/layout'
import { spliced } from '../yaml/splice'
import type { Splice } from '../yaml/splice'
import type { Environment } from '../yaml/environment'
import type { BatchResult, ModelDraft, Refusal, StoredModel, Write } from './adapter'
import { auditKeys, contentOf, managedKeys, modelOf, valueOf } from './yaml-file-entries'
import type { FileEntry } from './yaml-file-entries'
import type { ModelFile } from './yaml-file-models'
import { findObstacle } from './yaml-file-reasons'
import { openWindow } from './yaml-file-window'
import type { Window } from './yaml-file-window'

export interface Applied {
  /** As the file should be; unchanged where a write was refused. */
  readonly next: ModelFile
  readonly result: BatchResult
  /** False when a new model is not the last one: only a list tells where it is. */
  readonly isAtEnd: boolean
}

export interface AppliedEach extends Omit<Applied, 'result'> {
  /** In the order of the writes. */
  readonly outcomes: readonly (StoredModel | Refusal)[]
}

/** Of these the order says nothing: drafts always have them in the same one. */
const loose: Loose = {
  keys: new Set(['model_name', 'litellm_params', 'model_info', ...auditKeys]),
  within: { model_info: managedKeys },
}

/** All of the writes, or none if one is refused. */
export function applyWrites(
  state: ModelFile,
  writes: readonly Write[],
  file: string,
  environment: Environment,
): Applied {
  const { outcomes, next, isAtEnd } = apply(state, writes, file, environment, true)
  const index = outcomes.findIndex((outcome) => typeof outcome === 'string')
  if (index < 0) return { next, result: { ok: true, models: outcomes as readonly StoredModel[] }, isAtEnd }
  return { next: state, result: { ok: false, index, reason: outcomes[index] as Refusal }, isAtEnd: true }
}

/** Each of the writes by itself, whatever becomes of the others. */
export function applyEach(
  state: ModelFile,
  writes: readonly Write[],
  file: string,
  environment: Environment,
): AppliedEach {
  return apply(state, writes, file, environment, false)
}

/**
 * Edits the text of the entries that the writes are about and leaves every other byte.
 *
 * Each new text is read again before it is used. One that says anything else than it should is not used, so that an odd
 * way of writing can at worst keep a model from being changed, never spoil another one.
 */
function apply(
  state: ModelFile,
  writes: readonly Write[],
  file: string,
  environment: Environment,
  stopsAtRefusal: boolean,
): AppliedEach {
  let now = state
  let isAtEnd = true
  let pending: { readonly index: number; readonly draft: ModelDraft }[] = []
  const taken = new Set(state.entries.map(({ id }) => id))
  const outcomes: (StoredModel | Refusal)[] = []

  for (const [index, write] of writes.entries()) {
    const refusal = write.kind === 'create' ? add(index, write.draft) : change(index, write)
    if (refusal === undefined) continue
    outcomes[index] = refusal
    if (stopsAtRefusal)
      return { next: state, outcomes: outcomes.map((each) => each ?? refusal), isAtEnd: true }
  }
  flush()
  return { next: now, outcomes, isAtEnd }

  /** Creations that follow each other are written together; one with an earlier time goes to its own place. */
  function add(index: number, draft: ModelDraft): Refusal | undefined {
    if (taken.has(draft.id)) return 'exists'
    taken.add(draft.id)
    const last = pending.at(-1)?.draft ?? now.entries.at(-1)
    const isInOrder = last === undefined || last.createdAt <= draft.createdAt
    if (!isInOrder) flush()
    pending.push({ index, draft })
    if (!isInOrder) flush()
    return undefined
  }

  function flush(): void {
    const drafts = pending.map(({ draft }) => draft)
    const [first] = drafts
    if (first === undefined) return
    const at = placeFor(first, now.entries)
    const window = openWindow(now, at, file, environment)
    const { part, from } = window
    const values = drafts.map((draft) => valueOf(draft))
    const edits = appendEdits(part.text, window.layout(), part.root, 'model_list', values, at - from)
    const expected = contentsOf(part).toSpliced(at - from, 0, ...drafts.map(contentOf))
    isAtEnd &&= at === now.entries.length
    const strip = stripEdit(part.text)
    now = firstGood(window, [() => edits, () => strip && [strip, ...edits]], expected)
    for (const [step, { index }] of pending.entries()) outcomes[index] = modelAt(at + step)
    pending = []
  }

  function change(index: number, write: Write & { kind: 'update' | 'delete' }): Refusal | undefined {
    flush()
    const id = write.kind === 'update' ? write.draft.id : write.id
    const at = now.entries.findIndex((entry) => entry.id === id)
    const entry = now.entries[at]
    if (entry === undefined) return 'missing'
    const twin = now.entries.findIndex((other, place) => other.id === id && place !== at)
    if (twin >= 0) throw ambiguous(id, at, twin)
    if (write.ifRevision !== undefined && write.ifRevision !== entry.revision) return 'stale'
    const window = openWindow(now, at, file, environment)
    const contents = contentsOf(window.part)
    const place = at - window.from
    if (write.kind === 'update') {
      const expected = contents.with(place, contentOf(write.draft))
      now = firstGood(window, updates(window, place, entry, write.draft), expected, at)
      outcomes[index] = modelAt(at)
    } else {
      const attempts = [true, false].map((withBlank) => () => removal(window, place, withBlank))
      now = firstGood(window, attempts, contents.toSpliced(place, 1), at)
      taken.delete(id)
      outcomes[index] = modelOf(entry)
    }
    return undefined
  }

  function modelAt(at: number): StoredModel {
    return modelOf(now.entries[at] as FileEntry)
  }

  function firstGood(
    window: Window,
    attempts: readonly (() => Edits)[],
    expected: readonly string[],
    at?: number,
  ): ModelFile {
    for (const attempt of attempts) {
      const edits = attempt()
      const text = edits && spliced(window.part.text, edits)
      const next = text === undefined ? undefined : window.put(text, expected)
      if (next !== undefined) return next
    }
    throw refused(at === undefined ? undefined : window.placeOf(at))
  }

  function refused(place: string | undefined): ModelManagementError {
    const what =
      place === undefined ? `${file}: a model cannot be added` : `${place}: this model cannot be changed`
    const obstacle = findObstacle(now.text)
    const advice =
      obstacle ??
      'the way the file is written does not allow it (an anchor used elsewhere, perhaps); edit the file by hand'
    const problems =
      obstacle === undefined ? {} : { problems: [{ type: 'value_error', loc: [], msg: obstacle }] }
    const message = `${what} without changing something else: ${advice}.`
    return new ModelManagementError('storage_refused', message, problems)
  }

  function ambiguous(id: string, ...twins: readonly number[]): ModelManagementError {
    const [here, there] = twins.map((at) => openWindow(now, at, file, environment).placeOf(at))
    return new ModelManagementError(
      'storage_refused',
      `The models at ${here} and ${there} have the same id; give one of them a model_info.id of its own.`,
      { id },
    )
  }
}

type Edits = readonly Splice[] | undefined

/** Behind those created before it or at the same moment, where every instance shows it. */
function placeFor({ createdAt }: ModelDraft, entries: readonly FileEntry[]): number {
  return entries.findLastIndex((entry) => entry.createdAt <= createdAt) + 1
}

function contentsOf({ entries }: ModelFile): readonly string[] {
  return entries.map(({ content }) => content)
}

/** Field by field, so that comments stay; else the whole entry anew. */
function updates(window: Window, at: number, entry: FileEntry, draft: ModelDraft): readonly (() => Edits)[] {
  const { text, items } = window.part
  const tree = items[at]
  const value: JsonObject = valueOf(draft, entry, tree)
  const item = () => {
    const list = listIn(window)?.value
    return list?.kind === 'list' ? list.items[at] : undefined
  }
  return [
    () => {
      const written = item()?.value
      return written && tree && mapEdits(text, written, tree, value, loose)
    },
    () => {
      const written = item()
      return written && rewriteEdits(text, written, value)
    },
  ]
}

function removal(window: Window, at: number, withBlank: boolean): Edits {
  const owner = listIn(window)
  return owner?.value.kind === 'list' ? removeEdits(window.part.text, owner, at, withBlank) : undefined
}

function listIn({ part: { root }, layout }: Window): WrittenMember | undefined {
  return root?.kind === 'map' ? memberOf(layout(), root, 'model_list') : undefined
}
