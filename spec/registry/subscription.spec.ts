import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import { draft } from '../support/rows'

test('a subscription that failed is tried again by itself, however rarely storage is read', async () => {
  const adapter = memoryAdapter()
  let refusing = true
  const source = {
    ...adapter,
    async watch(listener: Parameters<typeof adapter.watch>[0]) {
      if (refusing) throw new Error('connection refused')
      return adapter.watch(listener)
    },
  }
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto([]), refreshMs: 3_600_000 })
  await follower.ready()
  refusing = false
  await adapter.create(draft('one'))
  while (view.snapshot.byId.get('one') === undefined) await new Promise(setImmediate)
  await follower.close()
}, 5000)

test('a subscription that comes too late is ended by close()', async () => {
  const adapter = memoryAdapter()
  const calls = { watch: 0, unwatch: 0 }
  let answer = (): void => {}
  const source = {
    ...adapter,
    async watch() {
      calls.watch += 1
      if (calls.watch === 1) throw new Error('connection refused')
      await new Promise<void>((resolve) => (answer = resolve))
      return async () => void (calls.unwatch += 1)
    },
  }
  const follower = follow({
    source,
    view: viewOf('test', () => {}),
    logger: loggerInto([]),
    refreshMs: 3_600_000,
  })
  await follower.ready()
  while (calls.watch < 2) await follower.refresh()
  expect(calls).toEqual({ watch: 2, unwatch: 0 })
  const closing = follower.close()
  answer()
  await closing
  expect(calls).toEqual({ watch: 2, unwatch: 1 })
})
