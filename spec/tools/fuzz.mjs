// npm run fuzz [-- requests [seed]]: many more requests than `npm test` sends, with another seed each time.
import { runTool } from './root.mjs'

const [requests = '500000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2)
process.env.FUZZ_REQUESTS = requests
process.env.FUZZ_SEED = seed
console.log(`${requests} requests with seed ${seed}; the same again: npm run fuzz -- ${requests} ${seed}`)
process.exitCode = runTool('jest', 'spec/router/fuzz.spec') ? 0 : 1
