import { cpSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { packed, run, type Packed } from '../support/packed'
import { filesIn, readJson, root } from '../support/sources'

interface Manifest {
  readonly dependencies: Record<string, string>
}

/** What a consumer's folder runs, and with which arguments. */
const consumers: readonly [folder: string, program: string, ...args: string[]][] = [
  ['cjs', process.execPath, 'index.cjs'],
  ['esm', process.execPath, 'index.mjs'],
  ['ts-node16', join(root, 'node_modules/.bin/tsc'), '-p', '.'],
  ['ts-bundler', join(root, 'node_modules/.bin/tsc'), '-p', '.'],
]

let pack: Packed

beforeAll(() => {
  pack = packed()
})

afterAll(() => pack.remove())

describe('the tarball', () => {
  test('holds the build of every source file, the schemas and the papers, nothing else', () => {
    const built = filesIn('lib').flatMap((file) => {
      const target = file.replace(/^lib\//, 'dist/')
      if (file.endsWith('.ts')) return ['.js', '.js.map', '.d.ts'].map((end) => target.replace(/\.ts$/, end))
      return /(?:NOTICE|\.br)$/.test(file) || (file.endsWith('.json') && basename(file) !== 'tsconfig.json')
        ? [target]
        : []
    })
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'lib/adapters/README.md', 'package.json']
    expect(listed().sort()).toEqual([...built, ...filesIn('schemas'), ...papers].sort())
  })

  test('names no file of the machine it was built on', () => {
    const telling = listed().filter((file) =>
      readFileSync(join(pack.unpacked, file), 'utf8').includes(dirname(root)),
    )
    expect(telling).toEqual([])
  })

  test('publint finds nothing', () => {
    expect(run(root, tool('publint'), 'run', '--strict', pack.tarball)).toContain('All good!')
  })

  test('its types are found in every way of resolving them', () => {
    // JSON files have no types of their own, so the schemas are left out.
    const out = run(root, tool('attw'), pack.tarball, '--no-emoji', '--exclude-entrypoints', './schemas/*')
    expect(out).toContain('No problems found')
  })
})

describe.each(['express', 'express-v4'])('a project that installed it next to %s', (express) => {
  test.each(consumers)('%s', (folder, command, ...args) => {
    const project = join(pack.scratch, `${express}-${folder}`)
    install(project, express)
    cpSync(join(root, 'spec/package/consumers', folder), project, { recursive: true })
    run(project, command, ...args)
  })
})

/** Optional peers stay out. */
function install(project: string, express: string): void {
  const { dependencies } = readJson('package.json') as Manifest
  const others = [...Object.keys(dependencies), '@types/node'].map((name) => [name, name] as const)
  pack.install(project, [[express, 'express'], [`@types/${express}`, '@types/express'], ...others])
}

function listed(): string[] {
  return run(pack.scratch, 'tar', '-tzf', pack.tarball)
    .trim()
    .split('\n')
    .map((line) => line.replace(/^package\//, ''))
}

function tool(name: string): string {
  return join(root, 'node_modules/.bin', name)
}
