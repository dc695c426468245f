import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { memoryAdapter } from '../../lib/adapters/memory'
import { conformanceCases } from '../../lib/testing'
import { packed, type Packed } from '../support/packed'
import { readJson, root } from '../support/sources'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Runner {
  /** The folder of spec/testing/runners that holds its project. */
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
  readonly end: string
  readonly counts: (printed: string) => Counts
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const { dependencies, devDependencies } = readJson('package.json') as Manifest

const all: readonly Runner[] = [
  {
    name: 'jest',
    command: [
      process.execPath,
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      '--config={"testMatch":["**/*.test.cjs"]}',
      '--runTestsByPath',
    ],
    end: '.cjs',
    counts: fromJson,
  },
  {
    name: 'vitest',
    command: [process.execPath, join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json'],
    end: '.mjs',
    counts: fromJson,
  },
  {
    name: 'node-test',
    command: [process.execPath, '--test', '--test-reporter=tap'],
    end: '.mjs',
    counts: fromTap,
  },
]
// Not by what happens to be installed: once package.json names it, it has to run.
const runners = all.filter(({ name }) => name !== 'vitest' || 'vitest' in devDependencies)

const cases = conformanceCases({ create: () => memoryAdapter(), absent: ['version', 'revisions'] })
const skipped = cases.filter(({ skip }) => skip !== undefined).length
const applicable = cases.length - skipped

describe.each(runners)('the packed kit under $name', ({ name, command: [program, ...args], end, counts }) => {
  let pack: Packed
  let project: string

  beforeAll(() => {
    pack = packed()
    project = join(pack.scratch, name)
    const links = [...Object.keys(dependencies), 'express', ...(name === 'vitest' ? ['vitest'] : [])]
    pack.install(
      project,
      links.map((link) => [link, link] as const),
    )
    cpSync(join(root, 'spec/testing/runners', name), project, { recursive: true })
  })
  afterAll(() => pack.remove())

  function run(file: string): { readonly status: number | null; readonly counts: Counts } {
    const { status, stdout, stderr } = spawnSync(program, [...args, `${file}.test${end}`], {
      cwd: project,
      encoding: 'utf8',
      // Nothing of the runner that runs this.
      env: { PATH: process.env['PATH'] },
      timeout: 25_000,
    })
    try {
      return { status, counts: counts(stdout) }
    } catch (cause) {
      throw new Error(`it did not count its tests:\n${stdout}${stderr}`, { cause })
    }
  }

  test('runs every case, and says which it skips', () => {
    expect(run('right')).toEqual({ status: 0, counts: { passed: applicable, failed: 0, skipped } })
  })

  test('fails with the one case that does not hold', () => {
    expect(run('wrong')).toEqual({ status: 1, counts: { passed: applicable - 1, failed: 1, skipped } })
  })
})

function fromJson(printed: string): Counts {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(printed) as Record<string, number>
  return { passed: Number(numPassedTests), failed: Number(numFailedTests), skipped: Number(numPendingTests) }
}

function fromTap(printed: string): Counts {
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(printed)?.[1])
  return { passed: count('pass'), failed: count('fail'), skipped: count('skipped') }
}
