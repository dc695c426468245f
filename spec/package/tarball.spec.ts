import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
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

let scratch: string
let tarball: string
let unpacked: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tarball-'))
  const [packed] = JSON.parse(
    run(root, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', scratch),
  ) as [{ filename: string }]
  tarball = join(scratch, packed.filename)
  run(scratch, 'tar', '-xzf', tarball)
  unpacked = join(scratch, 'package')
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the tarball', () => {
  test('holds the build of every source file, the schemas and the papers, nothing else', () => {
    const built = filesIn('lib').flatMap((file) => {
      const target = file.replace(/^lib\//, 'dist/')
      if (file.endsWith('.ts')) return ['.js', '.js.map', '.d.ts'].map((end) => target.replace(/\.ts$/, end))
      return file.endsWith('NOTICE') || (file.endsWith('.json') && basename(file) !== 'tsconfig.json')
        ? [target]
        : []
    })
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
    expect(listed().sort()).toEqual([...built, ...filesIn('schemas'), ...papers].sort())
  })

  test('names no file of the machine it was built on', () => {
    const telling = listed().filter((file) =>
      readFileSync(join(unpacked, file), 'utf8').includes(dirname(root)),
    )
    expect(telling).toEqual([])
  })

  test('publint finds nothing', () => {
    expect(run(root, tool('publint'), 'run', '--strict', tarball)).toContain('All good!')
  })

  test('its types are found in every way of resolving them', () => {
    // JSON files have no types of their own, so the schemas are left out.
    const out = run(root, tool('attw'), tarball, '--no-emoji', '--exclude-entrypoints', './schemas/*')
    expect(out).toContain('No problems found')
  })
})

describe.each(['express', 'express-v4'])('a project that installed it next to %s', (express) => {
  test.each(consumers)('%s', (folder, command, ...args) => {
    const project = join(scratch, `${express}-${folder}`)
    install(project, express)
    cpSync(join(root, 'spec/package/consumers', folder), project, { recursive: true })
    run(project, command, ...args)
  })
})

/** What npm would do, without a network: this package for real, the rest as links. Optional peers stay out. */
function install(project: string, express: string): void {
  const modules = join(project, 'node_modules')
  cpSync(unpacked, join(modules, 'express-model-management'), { recursive: true })
  link(express, join(modules, 'express'))
  link(`@types/${express}`, join(modules, '@types/express'))
  const { dependencies } = readJson('package.json') as Manifest
  for (const name of [...Object.keys(dependencies), '@types/node']) link(name, join(modules, name))
}

function link(name: string, at: string): void {
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), at)
}

function listed(): string[] {
  return run(scratch, 'tar', '-tzf', tarball)
    .trim()
    .split('\n')
    .map((line) => line.replace(/^package\//, ''))
}

function tool(name: string): string {
  return join(root, 'node_modules/.bin', name)
}

/** What it printed; throws with everything it printed when it fails. */
function run(cwd: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 25_000 })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${basename(command)} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
