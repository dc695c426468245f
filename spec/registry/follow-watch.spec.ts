import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import type { LogLine } from '../support/app'
import { draft } from '../support/rows'

test('storage that cannot be watched is followed by reading, tried again at each read and complained of once', async () => {
  const adapter = memoryAdapter()
  let tries = 0
  let refusing = true
  const source = {
    ...adapter,
    async watch(listener: Parameters<typeof adapter.watch>[0]) {
      tries += 1
      if (refusing) throw Object.assign(new Error(), { code: 'E_POOLER' })
      return adapter.watch(listener)
    },
  }
  const log: LogLine[] = []
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto(log), refreshMs: 3_600_000 })
  await follower.ready()
  await follower.refresh()
  await follower.refresh()
  expect(log).toHaveLength(1)
  expect(log[0]).toMatchObject({ level: 'warn', message: 'changes cannot be watched; reading by timer only' })
  expect(tries).toBeGreaterThan(1)
  refusing = false
  await follower.refresh()
  const enough = tries
  await follower.refresh()
  expect(tries).toBe(enough)
  await adapter.create(draft('one'))
  while (view.snapshot.byId.get('one') === undefined) await new Promise(setImmediate)
  await follower.close()
})
