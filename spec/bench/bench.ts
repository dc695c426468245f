// npm run bench: our router beside what it could be at best, in one run.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cases } from './cases'
import type { Case } from './cases'
import { compare } from './compare'
import { benchOptions, usage } from './options'
import type { BenchOptions } from './options'
import { startDatabases } from './databases'
import { probes } from './probes'
import type { Measurement } from './probes'
import { start } from './processes'
import { isMet, isWithin, table } from './report'
import type { Report } from './report'
import type { Storage } from './storage'

async function bench(options: BenchOptions): Promise<Report> {
  const { only, rows, share, postgres } = options
  const isWanted = ({ name }: { readonly name: string }): boolean =>
    only.length === 0 || only.some((part) => name.includes(part))
  const wantedCases = cases
    .filter(isWanted)
    .filter((one) => one.rows <= rows && (postgres || one.storage !== 'postgres'))
  const wantedProbes = probes.filter(isWanted).filter(({ needs }) => postgres || needs !== 'postgres')
  const needsServer = [
    ...wantedCases.map(({ storage }) => storage),
    ...wantedProbes.map(({ needs }) => needs),
  ]
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const databases = needsServer.includes('postgres') ? await startDatabases() : undefined
  const storage = async (kind: Storage['kind']): Promise<Storage> => {
    if (kind === 'memory') return { kind }
    if (kind === 'sqlite') return { kind, file: join(folder, `${randomUUID()}.db`) }
    return { kind, url: (await databases?.fresh()) ?? '' }
  }
  try {
    const compared: Report['compared'][number][] = []
    for (const one of wantedCases) {
      progress(`${one.name}, ${one.rows} rows`)
      const storages = [await storage(one.storage), await storage(one.storage)]
      try {
        const result = { of: one, ...(await compare(one, storages, options)) }
        compared.push(result)
        progress(
          `  ${result.ratio.toFixed(2)} of the ceiling, ${result.cpuRatio.toFixed(2)} by processor time`,
        )
      } catch (error) {
        failed(error)
      }
    }
    const measured: Measurement[] = []
    for (const { name, needs } of wantedProbes) {
      progress(name)
      const url = needs === undefined ? '' : ((await databases?.fresh()) ?? '')
      const probe = start('probe.ts', { profile: options.profile })
      const place = { folder, postgres: url, share: Math.min(share, rows / 10_000) }
      try {
        const answer = await probe.ask({ name, place })
        measured.push(...(answer as { readonly measurements: readonly Measurement[] }).measurements)
      } catch (error) {
        failed(error)
      } finally {
        await probe.end()
      }
    }
    return { node: process.version, compared, measured: [...slowest(compared), ...measured] }
  } finally {
    await databases?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How much longer the slowest answers of a case take than those of another. */
function slowest(compared: Report['compared']): readonly Measurement[] {
  const p99 = (one: Report['compared'][number]): number =>
    one.figures.find(({ contender }) => contender === 'ours')?.p99 ?? Number.NaN
  return compared.flatMap((one) => {
    const { p99AtMost: limit, name, rows } = one.of
    const other = compared.find(({ of }) => of.name === limit?.of)
    if (limit === undefined || other === undefined) return []
    const what = `p99 of ${name} at ${rows.toLocaleString('en')} rows beside ${limit.of} at ${other.of.rows}`
    return [{ name: what, value: p99(one) / p99(other), unit: '', atMost: limit.times }]
  })
}

function progress(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`)
}

/** The others are measured all the same. */
function failed(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
}

function missed({ compared, measured }: Report): readonly string[] {
  const named = ({ name, rows }: Case): string => `${name} at ${rows}`
  return [
    ...compared.filter((one) => isMet(one) === false).map(({ of }) => named(of)),
    ...measured.filter((one) => isWithin(one) === false).map(({ name }) => name),
  ]
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return void process.stdout.write(`${usage}\n`)
  const options = benchOptions(args)
  const report = await bench(options)
  process.stdout.write(`${table(report)}\n`)
  for (const name of missed(report)) process.stdout.write(`missed: ${name}\n`)
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`)
}

main(process.argv.slice(2)).catch(failed)
