import type { ModelAdapter, StoredModel } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import type { View } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import type { LogLine } from '../support/app'
import { gate } from '../support/gate'
import { draft, named } from '../support/rows'

interface Set {
  readonly view: View
  readonly follower: Follower
  readonly log: LogLine[]
}

const open: Follower[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})

async function following(source: ModelAdapter, refreshMs = 3_600_000): Promise<Set> {
  const log: LogLine[] = []
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto(log), refreshMs })
  open.push(follower)
  await follower.ready()
  return { view, follower, log }
}

const names = (view: View): readonly string[] => view.snapshot.rows.map((row) => row.deployment.model_name)
const withoutWatch = (adapter: ModelAdapter): ModelAdapter => {
  const { watch: _, ...rest } = adapter
  return rest
}

function put(follower: Follower, adapter: ModelAdapter, id: string, name: string, at = 1): Promise<unknown> {
  const change = draft(id, at, { deployment: named(name) })
  return follower.write(
    id,
    () => adapter.update(change),
    (result) => (result.ok ? result.model : 'nothing'),
  )
}

describe('the follower', () => {
  it('A3 deletes reach the view, the last row included', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const { view, follower } = await following(withoutWatch(adapter))
    expect(names(view)).toEqual(['a'])
    await adapter.delete('a')
    await follower.refresh()
    expect(names(view)).toEqual([])
  })

  it('A4 any field propagates', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const { view, follower } = await following(withoutWatch(adapter))
    await adapter.update(draft('a', 0, { deployment: { ...named('a'), model_info: { description: 'new' } } }))
    await follower.refresh()
    expect(view.snapshot.rows[0]?.deployment.model_info).toEqual({ description: 'new' })
  })

  it('a foreign write is followed by its hint alone', async () => {
    const adapter = memoryAdapter()
    const changed = gate()
    const view = viewOf('test', ({ ids }) => (ids.includes('a') ? changed.open() : undefined))
    const follower = follow({ source: adapter, view, logger: loggerInto([]), refreshMs: 3_600_000 })
    open.push(follower)
    await follower.ready()
    await adapter.create(draft('a'))
    await changed.passed
    expect(names(view)).toEqual(['a'])
  })

  it('A11 without hints the timer reads', async () => {
    const adapter = memoryAdapter()
    const changed = gate()
    const view = viewOf('test', () => changed.open())
    const follower = follow({ source: withoutWatch(adapter), view, logger: loggerInto([]), refreshMs: 5 })
    open.push(follower)
    await follower.ready()
    await adapter.create(draft('a'))
    await changed.passed
    expect(names(view)).toEqual(['a'])
  })

  it('A10 a list that began before a local write resolved does not undo it', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const slow = gate()
    const reading = gate()
    let hold = false
    const source = withoutWatch({
      ...adapter,
      async list() {
        const models = await adapter.list()
        if (hold) {
          reading.open()
          await slow.passed
        }
        return models
      },
    })
    const { view, follower } = await following(source)
    hold = true
    const refreshed = follower.refresh()
    await reading.passed
    await put(follower, adapter, 'a', 'renamed')
    expect(names(view)).toEqual(['renamed'])
    slow.open()
    await refreshed
    expect(names(view)).toEqual(['renamed'])
  })

  it('A10 a list that began before a local delete does not bring the row back', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const slow = gate()
    const reading = gate()
    let hold = false
    const source = withoutWatch({
      ...adapter,
      async list() {
        const models = await adapter.list()
        if (hold) {
          reading.open()
          await slow.passed
        }
        return models
      },
    })
    const { view, follower } = await following(source)
    hold = true
    const refreshed = follower.refresh()
    await reading.passed
    await follower.write(
      'a',
      () => adapter.delete('a'),
      () => 'gone',
    )
    slow.open()
    await refreshed
    expect(names(view)).toEqual([])
  })

  it('A10 of two reads of one row the one that began later is believed', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const slow = gate()
    let held = 0
    const source = withoutWatch({
      ...adapter,
      async get(id: string): Promise<StoredModel | undefined> {
        const model = await adapter.get(id)
        if (held++ === 0) await slow.passed
        return model
      },
    })
    const { view, follower } = await following(source)
    const first = follower.read('a')
    await adapter.update(draft('a', 0, { deployment: named('newer') }))
    const second = await follower.read('a')
    expect(second?.deployment.model_name).toBe('newer')
    slow.open()
    expect((await first)?.deployment.model_name).toBe('newer')
    expect(names(view)).toEqual(['newer'])
  })

  it('a local write during which a newer state was read does not go back to its own', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const slow = gate()
    const source = withoutWatch({
      ...adapter,
      async update(...given: Parameters<ModelAdapter['update']>) {
        const result = await adapter.update(...given)
        await slow.passed
        return result
      },
    })
    const { view, follower } = await following(source)
    const mine = put(follower, source, 'a', 'mine')
    // Another hand writes after ours was committed and before we hear of it.
    await new Promise(setImmediate)
    await adapter.update(draft('a', 0, { deployment: named('theirs') }))
    expect((await follower.read('a'))?.deployment.model_name).toBe('theirs')
    slow.open()
    await mine
    expect(names(view)).toEqual(['theirs'])
  })

  it('I2 an outage keeps the last good view, is told once, and heals', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    let down = false
    const list = (): Promise<readonly StoredModel[]> =>
      down ? Promise.reject(new Error('down')) : adapter.list()
    const { view, follower, log } = await following(withoutWatch({ ...adapter, list }))
    down = true
    await expect(follower.refresh()).rejects.toThrow('down')
    await expect(follower.refresh()).rejects.toThrow('down')
    expect([names(view), follower.fault?.message]).toEqual([['a'], 'storage failed with Error'])
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1)
    down = false
    await follower.refresh()
    expect([names(view), follower.fault]).toEqual([['a'], null])
  })

  it('I4 a corrupt row is set aside and told of; the others are served', async () => {
    const adapter = memoryAdapter()
    const bad = draft('bad', 0, { deployment: 'not even an object' as never })
    await adapter.create(bad)
    await adapter.create(draft('good', 1))
    const { view } = await following(adapter)
    expect(names(view)).toEqual(['good'])
    expect(view.setAside).toEqual([
      {
        where: 'test',
        id: 'bad',
        problems: [
          {
            type: 'model_attributes_type',
            loc: [],
            msg: 'Input should be a valid dictionary or object to extract fields from',
          },
        ],
      },
    ])
  })

  it('hints during a read cause exactly one more', async () => {
    const adapter = memoryAdapter()
    const slow = gate()
    const reading = gate()
    let lists = 0
    let hold = false
    const source = withoutWatch({
      ...adapter,
      async list() {
        lists++
        if (hold) {
          reading.open()
          await slow.passed
        }
        return adapter.list()
      },
    })
    const { follower } = await following(source)
    lists = 0
    hold = true
    const first = follower.refresh()
    await reading.passed
    const more = Array.from({ length: 100 }, () => follower.refresh())
    hold = false
    slow.open()
    await Promise.all([first, ...more])
    expect(lists).toBe(2)
  })

  it('H7 a read that finds nothing new makes no new snapshot', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const { view, follower } = await following(withoutWatch(adapter))
    const before = view.snapshot
    for (let cycle = 0; cycle < 100; cycle++) await follower.refresh()
    expect(view.snapshot).toBe(before)
  })

  it('close() waits for writes under way and refuses what comes after', async () => {
    const adapter = memoryAdapter()
    await adapter.create(draft('a'))
    const { follower } = await following(adapter)
    const written = put(follower, adapter, 'a', 'last')
    await follower.close()
    await expect(written).resolves.toMatchObject({ ok: true })
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'closed' })
    await follower.close()
  })
})
