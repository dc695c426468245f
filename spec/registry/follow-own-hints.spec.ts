import type { ChangeListener, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import { draft, named } from '../support/rows'

const open: Follower[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})

/** Storage whose notes are told by hand, its follower, and the ids that it was asked for. */
async function following() {
  const adapter = memoryAdapter()
  await adapter.create(draft('a'))
  const gets: string[] = []
  let tell: ChangeListener = () => {}
  const source: ModelAdapter = {
    ...adapter,
    async watch(listener) {
      tell = listener
      return async () => {}
    },
    async get(id) {
      gets.push(id)
      return adapter.get(id)
    },
  }
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto([]), refreshMs: 3_600_000 })
  open.push(follower)
  await follower.ready()
  return { adapter, view, follower, gets, tell: (...change: Parameters<ChangeListener>) => tell(...change) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('H7 a note of what is shown already reads nothing, another one does', async () => {
  const { adapter, view, gets, tell } = await following()
  tell(['a'], [view.snapshot.byId.get('a')?.revision ?? ''])
  tell(['nobody knows it'], [null])
  await turn()
  expect(gets).toEqual([])
  await adapter.update(draft('a', 0, { deployment: named('newer') }))
  tell(['a'], [(await adapter.get('a'))?.revision ?? ''])
  await turn()
  expect([gets, view.snapshot.byId.get('a')?.deployment.model_name]).toEqual([['a'], 'newer'])
})

it('A3 a note of a delete ends the model here', async () => {
  const { adapter, view, gets, tell } = await following()
  await adapter.delete('a')
  tell(['a'], [null])
  await turn()
  expect([gets, view.snapshot.rows]).toEqual([['a'], []])
})

it('H7 a note that tells no revision is looked into', async () => {
  const { gets, tell } = await following()
  tell(['a'])
  await turn()
  expect(gets).toEqual(['a'])
})

it('H7 the note of a write that is under way here waits for it, and reads nothing then', async () => {
  const { adapter, view, follower, gets, tell } = await following()
  await follower.write(
    'a',
    async () => {
      const result = await adapter.update(draft('a', 0, { deployment: named('mine') }))
      if (result.ok) tell(['a'], [result.model.revision])
      await turn()
      return result
    },
    (result) => (result.ok ? result.model : 'nothing'),
  )
  await turn()
  expect([gets, view.snapshot.byId.get('a')?.deployment.model_name]).toEqual([[], 'mine'])
})

it('A10 the note of another one’s write in between is looked into after the own one', async () => {
  const { adapter, view, follower, gets, tell } = await following()
  await follower.write(
    'a',
    async () => {
      const result = await adapter.update(draft('a', 0, { deployment: named('mine') }))
      const theirs = await adapter.update(draft('a', 0, { deployment: named('theirs') }))
      if (theirs.ok) tell(['a'], [theirs.model.revision])
      return result
    },
    (result) => (result.ok ? result.model : 'nothing'),
  )
  await turn()
  expect([gets, view.snapshot.byId.get('a')?.deployment.model_name]).toEqual([['a'], 'theirs'])
})
