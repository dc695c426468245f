import { join } from 'node:path'
import fc from 'fast-check'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { testDatabase } from '../support/postgres-database'
import { query, sequences } from '../support/sequence-steps'
import type { PageQuery, Step } from '../support/sequence-steps'
import { worldOf } from '../support/sequence-world'
import type { World } from '../support/sequence-world'
import { temporaryFolder } from '../support/temporary'

declare const expressMajor: number

// For longer runs: SEQUENCES=20000, and SEED with the seed of a failure to see it again.
const factor = Number(process.env['SEQUENCES'] ?? (expressMajor === 5 ? 1000 : 50)) / 1000
const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }
const folder = temporaryFolder()
const database = testDatabase()

/** Beside each of them there is a config file, whose models are read and shadow stored ones. Each call is for fresh storage. */
const kinds: readonly (readonly [kind: string, runs: number, open: (name: string) => ModelAdapter])[] = [
  ['memory', 300, () => memoryAdapter()],
  ['SQLite', 250, (name) => sqliteAdapter({ file: join(folder, `${name}.db`) })],
  ['YAML', 50, (name) => yamlFileAdapter({ file: join(folder, `${name}.store.yaml`) })],
  ['PostgreSQL', 50, (name) => postgresAdapter({ url: database.url, schema: name })],
]

test.each(kinds)(
  'after any sequence of writes every read over a file and %s is what a simple model says',
  async (kind, runs, open) => {
    let world: World | undefined
    let worlds = 0

    async function run(steps: readonly Step[], last: PageQuery): Promise<void> {
      const name = `${kind.toLowerCase()}_${worlds}`
      world ??= await worldOf(open(name), join(folder, `${name}.yaml`))
      try {
        await world.run(steps, last)
      } catch (error) {
        // What is broken for good must not be taken for a failure of the next, shorter sequence.
        await world.close()
        world = undefined
        worlds++
        throw error
      }
    }

    try {
      await fc.assert(fc.asyncProperty(sequences, query, run), { numRuns: Math.ceil(runs * factor), ...seed })
    } finally {
      await world?.close()
    }
  },
  240_000 * Math.max(1, factor),
)
