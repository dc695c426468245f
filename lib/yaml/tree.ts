/**
 * What PyYAML makes of a file, before JSON loses the difference: `6` and `6.0`, exact digits, dates, keys that are no strings.
 * LiteLLM's ids are hashes over Python's rendering of these values, so the difference decides the id.
 */
export type Tree = Scalar | ListTree | MapTree

export type Scalar =
  | ({ readonly kind: 'null' } & Place)
  | ({ readonly kind: 'bool'; readonly value: boolean } & Place)
  /** `digits` is the exact decimal text. */
  | ({ readonly kind: 'int'; readonly digits: string } & Place)
  | ({ readonly kind: 'float'; readonly value: number } & Place)
  /** A date or a moment: Python's `str()`, `repr()` and class name of it. */
  | ({ readonly kind: 'date'; readonly text: string; readonly repr: string; readonly name: string } & Place)
  | ({ readonly kind: 'string'; readonly value: string } & Place)

export interface ListTree extends Place {
  readonly kind: 'list'
  readonly items: readonly Tree[]
}

/** In Python's order: a key that comes twice keeps its first place and its last value. */
export interface MapTree extends Place {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Entry>
  /** The first key that stands there again. */
  readonly duplicate?: Scalar
}

export interface Entry {
  readonly key: Scalar
  readonly value: Tree
}

/** Where in which text a value stands. Line and column are worked out only when somebody asks. */
export interface Place {
  readonly source: Source
  readonly offset: number
}

export interface Source {
  readonly file: string
  /** Offset of each line's first character. */
  readonly lines: readonly number[]
}

/** One-based, as editors count. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

export function sourceOf(file: string, text: string): Source {
  return { file, lines: [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (end) => end.index + end[0].length)] }
}

export function positionOf({ source, offset }: Place): Position {
  let low = 0
  let high = source.lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((source.lines[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { file: source.file, line: low + 1, column: offset - (source.lines[low] ?? 0) + 1 }
}

/** `config.yaml:12:5` */
export function describePlace(place: Place): string {
  const { file, line, column } = positionOf(place)
  return `${file}:${line}:${column}`
}

/** Two keys with the same identity are one key to a Python dict: `1`, `1.0` and `true` are. */
export function keyIdentity(key: Scalar): string {
  switch (key.kind) {
    case 'string':
      return `'${key.value}`
    case 'null':
      return 'null'
    case 'date':
      return `date ${key.text}`
    case 'bool':
      return key.value ? '1' : '0'
    case 'int':
      return key.digits
  }
  return Number.isInteger(key.value) ? BigInt(key.value).toString() : String(key.value)
}

export function member(tree: Tree | undefined, name: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(`'${name}`)?.value : undefined
}

/** The deepest value on the way that a JSON pointer names, so that a missing member is located at its parent. */
export function locate(tree: Tree, pointer: string): Position {
  return positionOf(follow(tree, pointer.split('/').slice(1).map(unescapePointer)))
}

/** As `locate`, for a path that is already in pieces. */
export function follow(tree: Tree, path: readonly (string | number)[]): Tree {
  let found = tree
  for (const step of path) {
    const next: Tree | undefined =
      found.kind === 'list' ? found.items[Number(step)] : member(found, String(step))
    if (next === undefined) break
    found = next
  }
  return found
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
