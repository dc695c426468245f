import { filesIn, importsOf, read } from '../support/sources'
import type { Import } from '../support/sources'

/**
 * The house, from the roof down. A file may import from rows below its own and from its own unit; types count.
 * Units of one row are neighbours: they may import each other as long as no circle comes of it.
 * A unit is a file or a folder of lib/; the most specific one wins.
 */
const rows: readonly (readonly string[])[] = [
  ['index'],
  ['router'],
  ['http'],
  ['registry'],
  ['model-info', 'config', 'options'],
  ['adapters', 'testing'],
  [
    'schema',
    'yaml',
    'adapters/adapter',
    'options/check',
    'secret-matcher',
    'caller',
    'logger',
    'errors',
    'json',
    'time-slices',
  ],
]

/** Packages, and the only files that may import them. `types` may import types from them. */
const packages: readonly { name: RegExp; files: RegExp; types?: RegExp }[] = [
  {
    name: /^express(\/|$)/,
    files: /^lib\/(router|http\/(dispatch|guard))\.ts$/,
    types: /^lib\/(options|index|http\/\w[\w-]*)\.ts$/,
  },
  { name: /^ajv(\/|$)/, files: /^lib\/schema\// },
  { name: /^js-yaml$/, files: /^lib\/yaml\// },
]
const drivers = /^(pg|libsql|better-sqlite3|node:sqlite|tweetnacl)(\/|$)/

const sources = filesIn('lib').filter((file) => file.endsWith('.ts'))
const imports = new Map(sources.map((file) => [file, importsOf(file)]))
const edges = sources.flatMap((from) =>
  importsFrom(from).flatMap(({ file }) => (file === undefined ? [] : [{ from, to: target(file) }])),
)

describe('lib/', () => {
  test('every file has a place in the table', () => {
    expect(sources.filter((file) => unitOf(file) === undefined)).toEqual([])
  })

  test('every relative import names a file', () => {
    const known = new Set(['package.json', ...sources, ...filesIn('lib'), ...filesIn('schemas')])
    expect(edges.filter(({ to }) => !known.has(to))).toEqual([])
  })

  test('imports go down the table', () => {
    const upward = edges.filter(({ from, to }) => to.startsWith('lib/') && rowOf(to) < rowOf(from))
    expect(upward.map(show)).toEqual([])
  })

  test('files do not import each other in circles', () => {
    expect(circles(edges)).toEqual([])
  })

  test('units do not import each other in circles', () => {
    const between = edges
      .filter(({ to }) => to.startsWith('lib/'))
      .map(({ from, to }) => ({ from: unitOf(from) ?? from, to: unitOf(to) ?? to }))
    expect(circles(between.filter(({ from, to }) => from !== to))).toEqual([])
  })

  test.each(packages)('$name is imported where it belongs only', ({ name, files, types }) => {
    const strays = sources.flatMap((file) =>
      importsFrom(file)
        .filter(({ specifier }) => name.test(specifier))
        .filter(({ typeOnly }) => !files.test(file) && !(typeOnly && types?.test(file)))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    )
    expect(strays).toEqual([])
  })

  test('no database driver is imported at load, nor its types', () => {
    const strays = sources.flatMap((file) =>
      importsFrom(file)
        .filter(({ specifier, atLoad }) => atLoad && drivers.test(specifier))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    )
    expect(strays).toEqual([])
  })

  test('imports nothing else than itself, node and what package.json promises', () => {
    const allowed = /^(\.|node:|express$|ajv(\/|$)|js-yaml$)/
    const strays = sources.flatMap((file) =>
      importsFrom(file)
        .filter(({ specifier }) => !allowed.test(specifier) && !drivers.test(specifier))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    )
    expect(strays).toEqual([])
  })
})

test('the reader of imports sees every way to write one', () => {
  // A file of this very folder holds each of them, so that the rules above cannot pass by seeing nothing.
  const seen = importsOf('spec/package/layers.spec.ts')
  expect(seen.map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
    ['../support/sources', false],
    ['../support/sources', true],
  ])
  expect(read('lib/errors.ts')).toContain('errorCodes')
})

function importsFrom(file: string): readonly Import[] {
  return imports.get(file) ?? []
}

/** `lib/http` may be a folder with an index; `./x.json` keeps its name. */
function target(file: string): string {
  const candidates = [`${file}.ts`, `${file}/index.ts`]
  return candidates.find((candidate) => imports.has(candidate)) ?? file
}

function unitOf(file: string): string | undefined {
  const inside = (unit: string) => file === `lib/${unit}.ts` || file.startsWith(`lib/${unit}/`)
  return rows
    .flat()
    .sort((left, right) => right.length - left.length)
    .find(inside)
}

/** 0 is the roof. */
function rowOf(file: string): number {
  return rows.findIndex((row) => row.includes(unitOf(file) ?? ''))
}

function show({ from, to }: Edge): string {
  return `${from} imports ${to}`
}

interface Edge {
  readonly from: string
  readonly to: string
}

/** What is left after taking away, again and again, imports of what imports nothing and by what nothing imports. */
function circles(all: readonly Edge[]): string[] {
  let left = all
  for (;;) {
    const importers = new Set(left.map(({ from }) => from))
    const imported = new Set(left.map(({ to }) => to))
    const next = left.filter(({ from, to }) => importers.has(to) && imported.has(from))
    if (next.length === left.length) return [...new Set(left.map(show))]
    left = next
  }
}
