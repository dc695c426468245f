/**
 * Runs README.md and lib/adapters/README.md from top to bottom, as their reader would. What happens to a block depends on its language and on the
 * marker comment that may stand above it:
 *
 * | Block                                      | What is done                                                            |
 * | ------------------------------------------ | ----------------------------------------------------------------------- |
 * | `ts`, `js`                                 | type-checked (ts), run as an ES module (js with `require(`: CommonJS) in |
 * |                                            | a scratch folder; has to end by itself with exit code 0                  |
 * | `<!-- runs: server -->` above `ts`, `js`   | the same, but has to listen, and goes on until the next one or the end   |
 * | `<!-- fragment: why -->` above `ts`, `js`  | parsed only: a piece that does not run alone                             |
 * | `<!-- file: NAME -->` above any block      | written to the scratch folder, for the programs below                    |
 * | `sh` with curl                             | run in bash against the example gateway, started fresh for the README    |
 * | `<!-- asks: server -->` above `sh`         | run against the server block above instead                               |
 * | `json` directly after `sh`                 | has to equal the answer; `"..."` stands for any value, as a member       |
 * |                                            | `"...": "..."` for any further members, at the end of a list for more    |
 * | `sh` with `npm run x`, `npm test`, …       | the script has to exist                                                  |
 * | `sh` with `npm install a b`                | the names have to be this package, its peers or its dependencies         |
 * | `json`, `yaml`                             | have to parse                                                            |
 * | `text`                                     | nothing                                                                  |
 *
 * Port 4000 is replaced by the one the server really has; LITELLM_MASTER_KEY is sk-1234. A curl without a `json`
 * block after it has to be answered with success. Anything else is an error, so that no block goes unchecked.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from '@swc/core'
import { load } from 'js-yaml'
import { blocksOf } from '../support/markdown'
import type { Block } from '../support/markdown'
import { program } from '../support/program'
import type { Program } from '../support/program'
import { read, readJson, root } from '../support/sources'

interface Manifest {
  readonly name: string
  readonly scripts: Record<string, string>
  readonly dependencies: Record<string, string>
  readonly peerDependencies: Record<string, string>
}

const manifest = readJson('package.json') as Manifest
const documents = ['README.md', 'lib/adapters/README.md'].map(read).join('\n')
const blocks = blocksOf(documents)
const markers = new Set(['runs', 'fragment', 'file', 'asks'])
const env = { LITELLM_MASTER_KEY: 'sk-1234' }

let scratch: string
let gateway: Program
let server: Program | undefined

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'readme-'))
  linkModules()
  writeFileSync(join(scratch, '.curlrc'), 'silent\nshow-error\nfail-with-body\n')
  gateway = program(join(root, 'examples/gateway/server.ts'), {
    cwd: scratch,
    env: { ...env, MODELS_DB: join(scratch, 'models.db') },
  })
})

afterAll(async () => {
  await Promise.all([gateway.stop(), server?.stop()])
  rmSync(scratch, { recursive: true, force: true })
})

describe('README.md', () => {
  test('every fence is read', () => {
    const fences = documents.match(/^```/gm) ?? []
    expect(blocks.length * 2).toBe(fences.length)
  })

  test('every marker is one of those above', () => {
    expect(blocks.flatMap(({ marker }) => marker?.name ?? []).filter((name) => !markers.has(name))).toEqual(
      [],
    )
  })

  test.each(blocks.map((block, index) => [block.line, block.language, index] as const))(
    'line %i: %s',
    async (_line, _language, index) => check(blocks[index] as Block, blocks[index + 1]),
  )

  test('its TypeScript programs pass the compiler', () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: ['node'],
    }
    const project = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, include: ['*.mts'] }
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(project))
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', scratch], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })
})

async function check(block: Block, next: Block | undefined): Promise<void> {
  const { language, marker, text } = block
  if (marker?.name === 'file') writeFileSync(join(scratch, marker.value), text)
  if (language === 'ts' || language === 'js') return checkProgram(block)
  if (language === 'sh') return checkShell(block, next?.language === 'json' ? next : undefined)
  if (language === 'json') JSON.parse(text)
  else if (language === 'yaml') load(text)
  else expect(language).toBe('text')
}

async function checkProgram(block: Block): Promise<void> {
  const { text, language, line, marker } = block
  const isCommonJs = language === 'js' && text.includes('require(')
  const { code } = transformSync(text, {
    swcrc: false,
    jsc: { parser: { syntax: language === 'ts' ? 'typescript' : 'ecmascript' }, target: 'es2022' },
  })
  if (marker?.name === 'fragment') return
  if (language === 'ts') writeFileSync(join(scratch, `line-${line}.mts`), text)
  const file = join(scratch, `line-${line}.${isCommonJs ? 'cjs' : 'mjs'}`)
  writeFileSync(file, code)

  const running = program(file, { cwd: scratch, env })
  if (marker?.name === 'runs') {
    await server?.stop()
    server = running
    await running.url
  } else if ((await running.exit) !== 0) {
    throw new Error(`it failed:\n${running.output()}`)
  }
}

async function checkShell({ text, marker }: Block, answer: Block | undefined): Promise<void> {
  if (!/\bcurl\b/.test(text)) return checkCommands(text)
  const asked = marker?.name === 'asks' ? server : gateway
  if (!asked) throw new Error('there is no server block above')
  const script = text.replaceAll(/https?:\/\/localhost:4000/g, await asked.url)
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', script], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...env, PATH: process.env['PATH'], CURL_HOME: scratch },
    timeout: 20_000,
  })
  if (answer) {
    const expected: unknown = JSON.parse(answer.text)
    expect(blurred(JSON.parse(stdout), expected)).toEqual(expected)
  } else if (status !== 0) {
    throw new Error(`it failed:\n${stdout}${stderr}${asked.output()}`)
  }
}

function checkCommands(text: string): void {
  const known = [manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]
  for (const command of text.trim().split(/\n|&&/)) {
    const [, verb, rest = ''] = /^\s*npm (\S+) ?(.*?)\s*$/.exec(command) ?? []
    if (verb === 'ci') continue
    if (verb === 'install') expect(known).toEqual(expect.arrayContaining(rest.split(' ')))
    else expect(Object.keys(manifest.scripts)).toContain(verb === 'run' ? rest.split(' ')[0] : verb)
  }
}

/** The actual value with `...` wherever the expected one does not care. */
function blurred(actual: unknown, expected: unknown): unknown {
  if (expected === '...') return expected
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const isOpen = expected.at(-1) === '...'
    const items = isOpen ? actual.slice(0, expected.length - 1) : actual
    return [...items.map((item, index) => blurred(item, expected[index])), ...(isOpen ? ['...'] : [])]
  }
  if (!isObject(expected) || !isObject(actual)) return actual
  const isOpen = '...' in expected
  const members = Object.entries(actual).filter(([key]) => !isOpen || key in expected)
  const kept = members.map(([key, value]) => [key, blurred(value, expected[key])])
  return Object.fromEntries(isOpen ? [...kept, ['...', '...']] : kept)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Installed packages, and this one, as a project of the reader's would have them. */
function linkModules(): void {
  const modules = join(scratch, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  symlinkSync(root, join(modules, manifest.name))
}
