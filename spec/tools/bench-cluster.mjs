// npm run bench:cluster [writes]: how soon a change that one process acknowledged is in the lists of two others, by push
// (LISTEN and NOTIFY) and by timer only. On a PostgreSQL of its own, or the one of TEST_DATABASE_URL.
import { createRequire } from 'node:module'
import startPostgres from '../support/postgres.mjs'
import stopPostgres from '../support/stop-postgres.mjs'

const require = createRequire(import.meta.url)
require('./typescript.cjs')
const { percentile, propagation } = require('../support/propagation.ts')

const writes = Number(process.argv[2] ?? 300)
/** What the timer alone is measured with; fewer writes, since each one waits for it. */
const refreshMs = 1000
const ways = [
  { name: 'push', push: true, writes, refreshMs: 30_000 },
  { name: `timer only, refreshMs ${refreshMs}`, push: false, writes: Math.ceil(writes / 6), refreshMs },
]

await startPostgres()
try {
  for (const { name, ...way } of ways) {
    const schema = `bench_${process.pid}_${way.push ? 'push' : 'timer'}`
    const { times, readsPerWrite } = await propagation({ url: process.env.TEST_DATABASE_URL, schema, ...way })
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1))
    console.log(
      `${name}: p50 ${p50} ms, p99 ${p99} ms of ${times.length} writes; ${readsPerWrite.toFixed(2)} reads by id a write`,
    )
  }
} finally {
  await stopPostgres()
}
