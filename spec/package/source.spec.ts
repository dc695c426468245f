import { readdirSync } from 'node:fs'
import { filesIn, read, root } from '../support/sources'

const code = ['lib', 'spec', 'examples'].flatMap(filesIn).filter((file) => /\.[cm]?[jt]s$/.test(file))
const ours = code.filter((file) => !file.startsWith('lib/schema/generated/'))
const published = ours.filter((file) => /^(lib|examples)\//.test(file))
const texts = [...code, ...filesIn('schemas'), 'package.json', 'README.md', 'CHANGELOG.md', '.ci/run']

/** What no line may hold, where, and why. Written so that this file does not match itself. */
const banned: readonly [why: string, where: readonly string[], pattern: RegExp][] = [
  ['a default export has no name to search for', published, /^export\s+[d]efault\b/],
  ['a public name is exported by name', ours, /^export\s+[*]/],
  ['any switches the compiler off', ours, /(?::|\bas|<)\s*[a]ny\b(?!\w)(?![^'"`]*['"`]\s*,?$)/],
  ['an error of the compiler is fixed, not silenced', ours, /@ts-[i]gnore|@ts-[n]ocheck/],
  ['unfinished work is an issue, not a comment', texts, /\b(?:T[O]DO|F[I]XME|X[X]X)\b/],
  [
    'a machine has no place in the project',
    texts,
    /(?:^|[\s'"`(=])\/(?:home|root|Users|work(?:space)?)\/\w|\/tmp\/\w/,
  ],
  [
    'a spec that does not run protects nothing',
    ours,
    /\b(?:test|it|describe)\.(?:[o]nly|[s]kip)\(|\bx(?:it|describe)\(/,
  ],
]

describe('the sources', () => {
  test.each(banned)('%s', (_why, files, pattern) => {
    const hits = files.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    )
    expect(hits).toEqual([])
  })

  test('no file is longer than 300 lines', () => {
    const long = ours.filter((file) => read(file).trimEnd().split('\n').length > 300)
    expect(long).toEqual([])
  })

  test('an empty catch carries its reason', () => {
    const empty = ours.filter((file) => /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/.test(read(file)))
    expect(empty).toEqual([])
  })

  test('the top level holds what was agreed and hidden files, nothing else', () => {
    const agreed = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'examples',
      'lib',
      'package-lock.json',
      'package.json',
      'schemas',
      'spec',
      'tsconfig.json',
    ]
    // What git ignores: made by npm, the build and coverage.
    const made = new Set(['node_modules', 'dist', 'coverage'])
    const found = readdirSync(root).filter(
      (name) => !name.startsWith('.') && !made.has(name) && !name.endsWith('.tgz'),
    )
    expect(found.sort()).toEqual(agreed)
  })
})
