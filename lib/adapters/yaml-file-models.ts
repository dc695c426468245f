import { ModelManagementError } from '../errors'
import { runAtOnce, runInSlices } from '../time-slices'
import { withDefaults } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import { cutList } from '../yaml/list-sections'
import { describePlace, member } from '../yaml/tree'
import type { Tree } from '../yaml/tree'
import { variablesOf } from '../yaml/variables'
import { maxAliased, readYaml } from '../yaml/yaml-1-1'
import { entryOf } from './yaml-file-entries'
import type { FileEntry } from './yaml-file-entries'
import { frameOf, restOf } from './yaml-file-frame'
import type { Frame } from './yaml-file-frame'

export { contentOf, modelOf } from './yaml-file-entries'

/** What a file says of its models. */
export interface ModelFile {
  readonly text: string
  /** False where there is not even an empty one. */
  readonly hasList: boolean
  /** In the file's order. */
  readonly entries: readonly FileEntry[]
  /** Everything but the models, for telling whether an edit has touched it. */
  readonly rest: string
  /** `undefined` where an entry cannot be read without the others. */
  readonly parts?: Parts | undefined
}

/** A text that is read entry by entry. */
export interface Parts {
  readonly frame: Frame
  /** The text of each entry. */
  readonly items: readonly string[]
}

/** One that was read as a whole. */
export interface ParsedFile extends ModelFile {
  readonly root: Tree | undefined
  /** Of each entry. */
  readonly items: readonly Tree[]
}

/** Reads in one piece, and what is the same as in `before` not again. Throws `invalid_config` with the place. */
export function modelFile(
  text: string,
  file: string,
  environment: Environment,
  before?: ModelFile,
): ModelFile {
  return runAtOnce(reading(text, file, environment, before))
}

/** The same in slices. */
export function readModelFile(
  text: string,
  file: string,
  environment: Environment,
  before?: ModelFile,
): Promise<ModelFile> {
  return runInSlices(reading(text, file, environment, before))
}

/** Entry by entry where the text allows it; where it does not, or is wrong, as a whole. */
function* reading(
  text: string,
  file: string,
  environment: Environment,
  before?: ModelFile,
): Generator<void, ModelFile> {
  const parts = partsOf(text, file, environment, before?.parts?.frame)
  const entries = parts && (yield* entriesOf(parts, before))
  if (entries === undefined) return parsedFile(text, file, environment)
  return { text, hasList: true, entries, rest: parts?.frame.rest ?? '', parts }
}

function partsOf(text: string, file: string, environment: Environment, known?: Frame): Parts | undefined {
  const sections = cutList(text, 'model_list')
  const frame = sections && frameOf(sections, file, environment, known)
  return frame && { frame, items: sections.items }
}

function* entriesOf(
  { items, frame }: Parts,
  before?: ModelFile,
): Generator<void, readonly FileEntry[] | undefined> {
  const isAlike = before?.parts?.frame.context === frame.context
  const known = new Map(
    isAlike ? before.parts.items.map((item, at) => [item, before.entries[at]] as const) : [],
  )
  const entries: FileEntry[] = []
  let aliased = 0
  for (const item of items) {
    const entry = known.get(item) ?? frame.read(item)
    if (entry === undefined || (aliased += entry.aliased) > maxAliased) return undefined
    entries.push(entry)
    yield
  }
  return entries
}

/** Reads the text as a whole. Throws `invalid_config` with the place. */
export function parsedFile(text: string, file: string, environment: Environment): ParsedFile {
  const root = readYaml(text, file)
  if (root !== undefined && root.kind !== 'map' && root.kind !== 'null')
    throw refusal(root, 'the file must be a mapping of keys to values')
  const known = withDefaults(environment, variablesOf(root, environment))
  const items = itemsOf(root)
  const entries = items.map((tree) => entryOf(tree, known))
  const hasList = (member(root, 'model_list')?.kind ?? 'null') !== 'null'
  return { text, root, items, hasList, entries, rest: restOf(root) }
}

function itemsOf(root: Tree | undefined): readonly Tree[] {
  const list = member(root, 'model_list')
  if (list === undefined || list.kind === 'null') return []
  if (list.kind !== 'list') throw refusal(list, 'model_list must be a list')
  return list.items
}

function refusal(tree: Tree, reason: string): ModelManagementError {
  return new ModelManagementError('invalid_config', `${describePlace(tree)}: ${reason}`)
}
