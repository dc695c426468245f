import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { ModelManagementError } from '../errors'
import { realPathOf } from '../yaml/read-files'
import type { FileReader } from '../yaml/read-files'
import { cutList } from '../yaml/list-sections'
import { describePlace, member } from '../yaml/tree'
import type { Entry, MapTree, Place, Tree } from '../yaml/tree'
import { readYaml } from '../yaml/yaml-1-1'
import type { ReadOptions } from '../yaml/yaml-1-1'

/** Two files that include each other twice double at each level; nobody has this many files. */
const maxFiles = 1000

/**
 * The file with everything it includes: lists of an included file are appended, its other keys replace the parent's.
 * Nested includes are relative to the file that names them.
 */
export function readWithIncludes(
  file: string,
  reader: FileReader,
  {
    allowOutside,
    storedIn,
    warn,
  }: { allowOutside: boolean; storedIn?: string | undefined; warn: (message: string) => void },
): MapTree | undefined {
  const main = resolve(file)
  const folder = dirname(main)
  let files = 0

  function read(path: string, trail: readonly string[], mention?: Tree): MapTree | undefined {
    const at = mention === undefined ? undefined : describePlace(mention)
    files += 1
    if (files > maxFiles) throw refusal(at, `more than ${maxFiles} files are included`)
    const text = reader.read(path, at)
    const real = realpathSync(path)
    if (mention !== undefined && !allowOutside && !isInside(realpathSync(folder), real)) {
      throw refusal(at, `${named(path)} is outside the config file's folder; set allowOutside to permit it`)
    }
    if (trail.includes(real)) {
      const loop = [...trail.slice(trail.indexOf(real)), real].map((each) =>
        relative(realpathSync(folder), each),
      )
      throw refusal(at, `include loop: ${loop.join(' → ')}`)
    }
    const isStorage = storedIn !== undefined && real === realPathOf(storedIn)
    const tree = (isStorage ? readWithoutModels : readYaml)(text, named(path), { onProto })
    if (tree === undefined || tree.kind === 'null') return undefined
    if (tree.kind !== 'map')
      throw refusal(describePlace(tree), 'the file must be a mapping of keys to values')
    return merge(tree, path, [...trail, real])
  }

  function merge(tree: MapTree, path: string, trail: readonly string[]): MapTree {
    const entries = new Map(tree.entries)
    entries.delete("'include")
    for (const mention of includesOf(tree)) {
      const included = read(resolve(dirname(path), mention.value), trail, mention)
      for (const [identity, entry] of included?.entries ?? []) append(entries, identity, entry)
    }
    return { ...tree, entries }
  }

  function onProto(place: Place): void {
    warn(`${describePlace(place)}: the key __proto__ is left out with all that is under it`)
  }

  function named(path: string): string {
    return relative(folder, path) || path
  }

  return read(main, [])
}

/** Thousands of models cost most of the reading, each time one of them is changed. Lines stay where they are. */
function readWithoutModels(text: string, file: string, options: ReadOptions): Tree | undefined {
  const sections = cutList(text, 'model_list')
  if (sections === undefined) return readYaml(text, file, options)
  const { head, items, tail } = sections
  const breaks = items.map((item) => item.replace(/[^\n]+/g, '')).join('')
  try {
    return readYaml(`${head}  []${breaks}${tail}`, file, options)
  } catch {
    // The cut may have gone through something else: the whole text says what is wrong.
    return readYaml(text, file, options)
  }
}

function includesOf(tree: MapTree): (Tree & { kind: 'string' })[] {
  const include = member(tree, 'include')
  if (include === undefined || include.kind === 'null') return []
  if (include.kind !== 'list') throw refusal(describePlace(include), 'include must be a list of files')
  return include.items.map((item) => {
    if (item.kind === 'string') return item
    throw refusal(describePlace(item), 'include must be a list of file names')
  })
}

function append(entries: Map<string, Entry>, identity: string, entry: Entry): void {
  const present = entries.get(identity)
  if (present?.value.kind === 'list' && entry.value.kind === 'list') {
    const value = { ...present.value, items: [...present.value.items, ...entry.value.items] }
    entries.set(identity, { key: present.key, value })
  } else {
    entries.set(identity, entry)
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function refusal(at: string | undefined, reason: string): ModelManagementError {
  return new ModelManagementError('invalid_config', at === undefined ? reason : `${at}: ${reason}`)
}
