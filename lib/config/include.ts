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

/** Nobody has this many files. */
const maxFiles = 1000

interface Included {
  readonly mention: Tree & { readonly kind: 'string' }
  /** The file that names it. */
  readonly by: string
  /** Real paths of the files that led to it. */
  readonly trail: readonly string[]
}

/**
 * The file with everything it includes: lists of an included file are appended, its other keys replace the parent's.
 * A nested include is looked for beside the file that names it, then beside the main file; each file is read once.
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
  const loaded = new Set<string>()

  function readAll(): MapTree | undefined {
    const root = read(main)
    if (root === undefined) return undefined
    const entries = new Map(root.entries)
    const pending = mentionsIn(root, main, [realpathSync(main)])
    loaded.add(realpathSync(main))
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const path = locate(next)
      const tree = readIncluded(path, next)
      if (tree === undefined) continue
      pending.push(...mentionsIn(tree, path, [...next.trail, realpathSync(path)]))
      for (const [identity, entry] of tree.entries) append(entries, identity, entry)
    }
    entries.delete("'include")
    return { ...root, entries }
  }

  function readIncluded(path: string, { mention, trail }: Included): MapTree | undefined {
    const at = describePlace(mention)
    if (loaded.size > maxFiles) throw refusal(at, `more than ${maxFiles} files are included`)
    const text = reader.read(path, at)
    const real = realpathSync(path)
    if (!allowOutside && !isInside(realpathSync(folder), real)) {
      const remedy = "the option 'allowOutsideIncludes' permits it"
      throw refusal(at, `${named(path)} is outside the config file's folder; ${remedy}`)
    }
    if (trail.includes(real)) {
      const loop = [...trail.slice(trail.indexOf(real)), real].map((each) =>
        relative(realpathSync(folder), each),
      )
      throw refusal(at, `include loop: ${loop.join(' → ')}`)
    }
    if (loaded.has(real)) return undefined
    loaded.add(real)
    return parse(text, path)
  }

  /** As LiteLLM does: a file that was written for an older version may name one beside the main file. */
  function locate({ mention, by }: Included): string {
    const beside = resolve(dirname(by), mention.value)
    const besideMain = resolve(folder, mention.value)
    if (beside === besideMain || !reader.exists(besideMain)) return beside
    const isBeside = reader.exists(beside)
    const [used, other] = isBeside ? [beside, besideMain] : [besideMain, beside]
    const why = isBeside ? `also matches ${named(other)}, which is not read` : `is not at ${named(other)}`
    warn(`${describePlace(mention)}: ${named(used)} is read; the include ${why}`)
    return used
  }

  function read(path: string): MapTree | undefined {
    return parse(reader.read(path), path)
  }

  function parse(text: string, path: string): MapTree | undefined {
    const isStorage = storedIn !== undefined && realpathSync(path) === realPathOf(storedIn)
    const tree = (isStorage ? readWithoutModels : readYaml)(text, named(path), { onProto })
    if (tree === undefined || tree.kind === 'null') return undefined
    if (tree.kind !== 'map')
      throw refusal(describePlace(tree), 'the file must be a mapping of keys to values')
    return tree
  }

  function onProto(place: Place): void {
    warn(`${describePlace(place)}: the key __proto__ is left out with all that is under it`)
  }

  function named(path: string): string {
    return relative(folder, path) || path
  }

  return readAll()
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

function mentionsIn(tree: MapTree, by: string, trail: readonly string[]): Included[] {
  const include = member(tree, 'include')
  if (include === undefined || include.kind === 'null') return []
  if (include.kind !== 'list') throw refusal(describePlace(include), 'include must be a list of files')
  return include.items.map((item) => {
    if (item.kind === 'string') return { mention: item, by, trail }
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
