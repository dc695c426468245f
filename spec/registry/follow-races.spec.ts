import type { ModelAdapter, StoredModel } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import type { View } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import { gate } from '../support/gate'
import { draft, named } from '../support/rows'

const open: Follower[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})

async function following(source: ModelAdapter) {
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto([]), refreshMs: 3_600_000 })
  open.push(follower)
  await follower.ready()
  return { view, follower }
}

/** Storage whose answers are held back until they are let go, each by its handle, in the order of the calls. */
function held(adapter: ModelAdapter) {
  const gets: (() => void)[] = []
  const lists: (() => void)[] = []
  let holding = false
  const { watch: _, ...quiet } = adapter
  const hold = async <T>(answer: Promise<T>, queue: (() => void)[]): Promise<T> => {
    const value = await answer
    if (holding) await new Promise<void>((resolve) => queue.push(resolve))
    return value
  }
  const source: ModelAdapter = {
    ...quiet,
    get: (id) => hold(adapter.get(id), gets),
    list: () => hold<readonly StoredModel[]>(adapter.list(), lists),
  }
  return { source, gets, lists, hold: (on: boolean) => (holding = on) }
}

const turn = (): Promise<void> => new Promise(setImmediate)
const nameOf = (view: View, id: string) => view.snapshot.byId.get(id)?.deployment.model_name
const order = (view: View) => view.snapshot.rows.map(({ id }) => id)

test('A10 of two reads under way at once, the answer that was fetched earlier does not undo the other', async () => {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  // The first of two reads may be the second that storage gets to see: they go over different connections.
  const late: (() => void)[] = []
  const answers: (() => void)[] = []
  let reads = 0
  const { watch: _, ...quiet } = adapter
  const source: ModelAdapter = {
    ...quiet,
    async get(id) {
      if (reads++ === 0) {
        await new Promise<void>((resolve) => late.push(resolve))
        return adapter.get(id)
      }
      const model = await adapter.get(id)
      if (reads === 2) await new Promise<void>((resolve) => answers.push(resolve))
      return model
    },
  }
  const { view, follower } = await following(source)
  const first = follower.read('a')
  const second = follower.read('a')
  await turn()
  await adapter.update(draft('a', 0, { deployment: named('newer') }))
  late[0]?.()
  expect((await first)?.deployment.model_name).toBe('newer')
  answers[0]?.()
  expect((await second)?.deployment.model_name).toBe('newer')
  expect(nameOf(view, 'a')).toBe('newer')
})

test('A10 a read that storage served after another one is not answered with what that one saw', async () => {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  // The first of two reads is the one that storage gets to see last.
  const waits = [gate(), gate()]
  let reads = 0
  const { watch: _, ...quiet } = adapter
  const source: ModelAdapter = {
    ...quiet,
    async get(id) {
      await waits[reads++]?.passed
      return adapter.get(id)
    },
  }
  const { view, follower } = await following(source)
  const first = follower.read('a')
  const second = follower.read('a')
  waits[1]?.open()
  expect((await second)?.deployment.model_name).toBe('a')
  await adapter.update(draft('a', 0, { deployment: named('newer') }))
  waits[0]?.open()
  expect((await first)?.deployment.model_name).toBe('newer')
  expect(nameOf(view, 'a')).toBe('newer')
})

test.each(['a', 'nobody knows it'])('H7 reads of one model that agree are not repeated: %s', async (id) => {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  let reads = 0
  const { watch: _, ...quiet } = adapter
  const get = (asked: string): Promise<StoredModel | undefined> => {
    reads += 1
    return adapter.get(asked)
  }
  const { view, follower } = await following({ ...quiet, get })
  const rows = await Promise.all([follower.read(id), follower.read(id)])
  const known = view.snapshot.byId.get(id)
  expect([reads, ...rows]).toEqual([2, known, known])
})

test('A10 a read that began before a list does not undo what the list brought', async () => {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  const { source, gets, hold } = held(adapter)
  const { view, follower } = await following(source)
  hold(true)
  const read = follower.read('a')
  await turn()
  await adapter.update(draft('a', 0, { deployment: named('newer') }))
  hold(false)
  await follower.refresh()
  expect(nameOf(view, 'a')).toBe('newer')
  gets[0]?.()
  expect((await read)?.deployment.model_name).toBe('newer')
  expect(nameOf(view, 'a')).toBe('newer')
})

test('A11 a list and a read that disagree are settled at once, also without hints', async () => {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  const { source, gets, lists, hold } = held(adapter)
  const { view, follower } = await following(source)
  hold(true)
  const read = follower.read('a')
  await turn()
  await adapter.update(draft('a', 0, { deployment: named('newer') }))
  await adapter.create(draft('b', 1))
  const refreshed = follower.refresh()
  await turn()
  gets[0]?.()
  await read
  expect(nameOf(view, 'a')).toBe('a')
  hold(false)
  lists[0]?.()
  await refreshed
  expect([nameOf(view, 'a'), nameOf(view, 'b')]).toEqual(['newer', 'b'])
})

test('A2 a model created here while a list was read stands where it was created', async () => {
  const adapter = memoryAdapter()
  const { source, lists, hold } = held(adapter)
  const { view, follower } = await following(source)
  hold(true)
  await adapter.create(draft('later', 3))
  const refreshed = follower.refresh()
  await turn()
  const mine = draft('mine', 2)
  await follower.write(
    'mine',
    () => adapter.create(mine),
    (result) => (result.ok ? result.model : 'nothing'),
  )
  hold(false)
  lists[0]?.()
  await refreshed
  expect(order(view)).toEqual(['mine', 'later'])
})

test('A2 models of one moment stand as storage lists them, whichever was heard of first', async () => {
  const adapter = memoryAdapter()
  const { watch: _, ...quiet } = adapter
  const { view, follower } = await following(quiet)
  await adapter.create(draft('theirs', 1))
  await follower.write(
    'mine',
    () => adapter.create(draft('mine', 1)),
    (result) => (result.ok ? result.model : 'nothing'),
  )
  await follower.read('theirs')
  while (order(view)[0] !== 'theirs') await turn()
  expect(order(view)).toEqual(['theirs', 'mine'])
}, 2000)

test('I2 an outage that a read by id meets is known at once, and healed from by itself', async () => {
  const adapter = memoryAdapter()
  const { watch: _, ...quiet } = adapter
  const state = { down: false }
  const failing = <T>(answer: () => Promise<T>): Promise<T> =>
    state.down ? Promise.reject(new Error('down')) : answer()
  const { follower } = await following({
    ...quiet,
    get: (id) => failing(() => adapter.get(id)),
    list: () => failing<readonly StoredModel[]>(() => adapter.list()),
  })
  await turn()
  state.down = true
  await expect(follower.read('a')).rejects.toThrow('down')
  while (follower.fault === null) await turn()
  state.down = false
  while (follower.fault !== null) await turn()
}, 5000)
