import { ModelManagementError } from '../errors'
import { withDefaults } from '../yaml/environment'
import type { Environment } from '../yaml/environment'
import type { Sections } from '../yaml/list-sections'
import { plain, str } from '../yaml/python-text'
import { member } from '../yaml/tree'
import type { Tree } from '../yaml/tree'
import { variablesOf } from '../yaml/variables'
import { readDocument } from '../yaml/yaml-1-1'
import type { ReadOptions, YamlDocument } from '../yaml/yaml-1-1'
import { entryOf } from './yaml-file-entries'
import type { FileEntry } from './yaml-file-entries'

/** What stands around the models of a file. */
export interface Frame extends Omit<Sections, 'items'> {
  /** Everything but the models, as a text to compare. */
  readonly rest: string
  /** Where two frames have the same one, equal texts are equal entries. */
  readonly context: string
  /** The one entry that this text is; `undefined` where it is something else, or needs the others. */
  read(item: string): FileEntry | undefined
}

/** Around the list stands the root. */
const levelsAbove = 1

/** `undefined` where the cuts are not what the whole text reads as. Of an equal frame `before` nothing is read again. */
export function frameOf(
  { head, tail, column }: Omit<Sections, 'items'>,
  file: string,
  environment: Environment,
  before?: Frame,
): Frame | undefined {
  if (before?.head === head && before.tail === tail && before.column === column) return before
  // With one known item in the place of all: it is found there only if the list is cut where it begins and ends.
  const dash = `${' '.repeat(column)}- `
  const around = readOrNot(`${head}${dash}0\n${tail}`, file)
  const list = member(around?.tree, 'model_list')
  const [item, ...others] = list?.kind === 'list' ? list.items : []
  if (item?.kind !== 'int' || item.offset !== head.length + dash.length || others.length > 0) return undefined
  const above = head.includes('&') ? readOrNot(head, file) : undefined
  const variables = variablesOf(around?.tree, environment)
  const known = withDefaults(environment, variables)
  const anchors = above?.anchors
  return {
    head,
    tail,
    column,
    rest: restOf(around?.tree),
    context: JSON.stringify([[...variables], above?.definesAnchors === true ? head : '']),
    read(text) {
      const document = readOrNot(text, file, { anchors, levelsAbove })
      const tree = document?.tree
      // Others may refer to an anchor, and what it stands for depends on their order.
      if (document === undefined || document.definesAnchors || tree?.kind !== 'list') return undefined
      const [only, ...more] = tree.items
      if (only === undefined || more.length > 0) return undefined
      return entryOf(only, known, document.aliased)
    },
  }
}

/** The whole text says better what is wrong, and where. */
function readOrNot(text: string, file: string, options: ReadOptions = {}): YamlDocument | undefined {
  try {
    return readDocument(text, file, options)
  } catch (error) {
    if (error instanceof ModelManagementError) return undefined
    throw error
  }
}

export function restOf(root: Tree | undefined): string {
  const entries = root?.kind === 'map' ? Array.from(root.entries.values()) : []
  const others = entries.filter(({ key }) => key.kind !== 'string' || key.value !== 'model_list')
  return JSON.stringify(others.map(({ key, value }) => [str(key), plain(value)]))
}
