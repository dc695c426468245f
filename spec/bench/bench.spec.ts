import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../support/program'
import { temporaryFolder } from '../support/temporary'
import type { Report } from './report'

// The figures are for `npm run bench` on a quiet machine; here it only has to work.
const folder = temporaryFolder()

test('a short run measures each kind of server, prints a table and writes it down', async () => {
  const out = join(folder, 'bench.json')
  const args = '--rows 10 --rounds 1 --seconds 0.2 --connections 2 --share 0.005 --no-postgres'
  const only = ['info: master key', 'new: sqlite', 'idle']
  const { exit, output } = program('spec/bench/bench.ts', {
    args: [...args.split(' '), ...only.flatMap((part) => ['--only', part]), '--out', out],
    timeoutMs: 120_000,
  })
  expect([await exit, output()]).toEqual([0, expect.stringContaining('of ceiling')])
  const { compared, measured } = JSON.parse(readFileSync(out, 'utf8')) as Report
  expect(compared.map(({ of, figures }) => [of.name, of.rows, figures.length])).toEqual([
    ['info: master key', 10, 3],
    ['new: sqlite', 10, 2],
  ])
  expect(compared.flatMap(({ figures }) => figures).filter(({ perSecond }) => !(perSecond > 0))).toEqual([])
  expect(measured).not.toEqual([])
  expect(measured.filter(({ value }) => !Number.isFinite(value))).toEqual([])
}, 120_000)
