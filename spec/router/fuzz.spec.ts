import { join } from 'node:path'
import * as fc from 'fast-check'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { crowds, rawBytes, requests } from '../fuzz/requests'
import { worldOver } from '../fuzz/world'
import type { World } from '../fuzz/world'
import { collectGarbage } from '../support/garbage'
import { testDatabase } from '../support/postgres-database'
import { temporaryFolder } from '../support/temporary'

declare const expressMajor: number

/** `npm run fuzz` sends many, with another seed each time; `FUZZ_SEED` repeats one. */
const total = Number(process.env['FUZZ_REQUESTS'] ?? 8000)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)
const isLong = process.env['FUZZ_REQUESTS'] !== undefined
const chunk = 500
const mostFindings = 10
const mostGrowthBytes = 16 * 1024 * 1024

const database = testDatabase()
const folder = temporaryFolder()

const store = memoryStore()

/** The slower the storage, the smaller its part; each of the two majors of Express sends half of all. */
const storages: readonly [name: string, share: number, wildcards: 'show' | 'expand', () => ModelAdapter][] = [
  ['memory', 0.55, 'show', () => memoryAdapter({ store })],
  ['SQLite', 0.25, 'expand', () => sqliteAdapter({ file: join(folder, 'fuzz.db') })],
  ['Postgres', 0.15, 'show', () => postgresAdapter({ url: database.url, schema: `fuzz` })],
  ['YAML', 0.05, 'show', () => yamlFileAdapter({ file: join(folder, 'fuzz.yaml') })],
]

describe.each(storages)('any request, over %s', (name, share, wildcards, open) => {
  it(
    'is answered in an envelope, leaves nothing behind when refused, and tells no secret',
    async () => {
      const world = await worldOver(open, { folder, wildcards })
      const count = Math.ceil((total * share) / 2)
      // Each storage is sent others.
      const first = seed * 7919 + storages.findIndex((one) => one[0] === name) * total
      try {
        const findings: string[] = []
        let baseline: number | undefined
        for (let sent = 0; sent < count && findings.length < mostFindings; sent += chunk) {
          findings.push(...(await send(world, Math.min(chunk, count - sent), first + sent)))
          if (isLong && (sent / chunk) % 20 === 0) tell(name, `${sent} sent, ${findings.length} findings`)
          if (baseline === undefined && sent + chunk >= count / 4) baseline = await restingHeap(world)
        }
        expect(findings.join('\n')).toBe('')
        const growth = (await restingHeap(world)) - (baseline ?? 0)
        if (isLong) tell(name, `grew by ${Math.round(growth / 1024)} KiB`)
        expect(growth).toBeLessThan(mostGrowthBytes)
      } finally {
        await world.close()
      }
    },
    isLong ? 6 * 3_600_000 : 240_000,
  )
})

async function send(world: World, numRuns: number, from: number): Promise<readonly string[]> {
  const findings: string[] = []
  for (const wire of fc.sample(requests, { numRuns, seed: from })) {
    const wrong = await world.try(wire)
    if (wrong !== undefined) findings.push(wrong)
    if (findings.length === mostFindings) return findings
  }
  for (const wires of fc.sample(crowds, { numRuns: Math.ceil(numRuns / 50), seed: from })) {
    const wrong = await world.tryTogether(wires)
    if (wrong !== undefined) findings.push(wrong)
  }
  for (const bytes of fc.sample(rawBytes, { numRuns: Math.ceil(numRuns / 50), seed: from })) {
    const wrong = await world.tryBytes(bytes)
    if (wrong !== undefined) findings.push(wrong)
  }
  return findings
}

/** What is still used once there are no models and all garbage is gone. */
async function restingHeap(world: World): Promise<number> {
  await world.clear()
  await collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function tell(name: string, what: string): void {
  process.stderr.write(`express ${String(expressMajor)}, ${name}: ${what}\n`)
}
