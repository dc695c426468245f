// npm test: every check of the project, one stage after the other. Arguments go to jest.
// The first failing stage ends the run; with CI set all stages run, so that one run tells everything.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runTool } from './root.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'test-run-'))
const results = join(scratch, 'jest.json')
const counts = { passed: 0, failed: 0 }

const stages = [
  {
    name: 'types fresh',
    remedy: 'run `npm run types` and commit the result',
    work: () => runScript('types.mjs', '--check'),
  },
  { name: 'typecheck', remedy: 'see the compiler errors above', work: () => runTool('tsc') },
  {
    name: 'lint',
    remedy: 'see the findings above',
    work: () => runTool('oxlint', '--deny-warnings', '--format=unix'),
  },
  { name: 'format', remedy: 'run `npm run format`', work: () => runTool('oxfmt', '--check') },
  { name: 'build', remedy: 'see the errors above', work: () => runScript('build.mjs') },
  { name: 'jest', remedy: 'see the failing tests above', work: runJest },
]

process.exitCode = runStages() ? 0 : 1
rmSync(scratch, { recursive: true, force: true })
// Where .ci/run wants the figures.
if (process.env.TEST_COUNTS) {
  writeFileSync(process.env.TEST_COUNTS, `${counts.passed} passed, ${counts.failed} failed\n`)
}

function runStages() {
  const failed = []
  for (const { name, remedy, work } of stages) {
    if (name === 'jest' && failed.includes('build')) break
    console.log(`\n== ${name}`)
    const started = Date.now()
    if (work()) {
      console.log(`-- ${name}: ok, ${((Date.now() - started) / 1000).toFixed(1)} s`)
      continue
    }
    console.error(`-- ${name} failed: ${remedy}`)
    failed.push(name)
    if (name !== 'jest' || counts.failed === 0) counts.failed += 1
    if (!process.env.CI) break
  }
  console.log(failed.length === 0 ? '\nall stages passed' : `\nfailed: ${failed.join(', ')}`)
  return failed.length === 0
}

function runScript(name, ...args) {
  return (
    spawnSync(process.execPath, [join(root, 'spec/tools', name), ...args], { cwd: root, stdio: 'inherit' })
      .status === 0
  )
}

function runJest() {
  const passed = runTool('jest', '--json', `--outputFile=${results}`, ...process.argv.slice(2))
  const summary = readSummary()
  counts.passed += summary.numPassedTests
  // A spec file that could not even start has no tests to count: it counts as one.
  counts.failed += summary.numFailedTests + summary.numRuntimeErrorTestSuites
  if (summary.numPassedTests + summary.numFailedTests === 0) console.error('jest ran no test')
  return passed && counts.passed > 0
}

function readSummary() {
  try {
    return JSON.parse(readFileSync(results, 'utf8'))
  } catch {
    // jest ended before it wrote its results; what it printed says why.
    return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }
  }
}
