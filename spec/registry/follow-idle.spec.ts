import type { StoredModel } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import { draft } from '../support/rows'

it('H7 storage that says it is as it was is not listed again, and is when it says otherwise', async () => {
  const { watch: _, ...adapter } = memoryAdapter()
  await adapter.create(draft('a'))
  let version = 'one'
  let listed = 0
  const list = (): Promise<readonly StoredModel[]> => {
    listed++
    return adapter.list()
  }
  const source = { ...adapter, list, version: async () => version }
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto([]), refreshMs: 3_600_000 })
  await follower.ready()
  const before = view.snapshot
  await follower.refresh()
  await follower.refresh()
  expect([listed, view.snapshot === before]).toEqual([1, true])

  await adapter.create(draft('b', 1))
  version = 'two'
  await follower.refresh()
  expect([listed, view.snapshot.rows.map(({ id }) => id)]).toEqual([2, ['a', 'b']])
  await follower.close()
})
