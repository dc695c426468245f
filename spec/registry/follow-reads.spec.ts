import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { Follower } from '../../lib/registry/follow'
import type { View } from '../../lib/registry/view'
import { followed, outage } from '../support/following'
import { gate } from '../support/gate'
import { draft, named } from '../support/rows'

/** Two, since reads that follow each other leave one to others. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 2; turns++) await new Promise(setImmediate)
}
const nameOf = (view: View, id = 'a') => view.snapshot.byId.get(id)?.deployment.model_name
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
const unreachable = { at: iso, code: 'ECONNREFUSED', message: 'storage failed with ECONNREFUSED' }

async function holding(...ids: readonly string[]): Promise<ModelAdapter> {
  const adapter = memoryAdapter()
  for (const [at, id] of ids.entries()) await adapter.create(draft(id, at))
  return adapter
}

function rename(follower: Follower, adapter: ModelAdapter, name: string, first?: Promise<void>) {
  return follower.write(
    'a',
    async () => {
      await first
      return adapter.update(draft('a', 0, { deployment: named(name) }))
    },
    (result) => (result.ok ? result.model : 'nothing'),
  )
}

describe('at first', () => {
  it('storage is opened once, after it has refused to be as well, and is said to be loaded when it was read', async () => {
    let opened = 0
    const init = async (): Promise<void> => {
      opened += 1
      if (opened === 1) throw new Error('not yet')
    }
    const { follower } = followed(await holding('a'), { init })
    await turn()
    expect([follower.loaded, follower.loadedAt, follower.fault]).toEqual([
      false,
      null,
      { at: iso, code: 'Error', message: 'storage failed with Error' },
    ])
    await follower.refresh()
    await follower.ready()
    expect([opened, follower.loaded, follower.loadedAt, follower.fault]).toEqual([2, true, iso, null])
    await follower.refresh()
    expect(opened).toBe(2)
  })

  it('storage that has neither to be opened nor to be closed is followed all the same', async () => {
    const { init: _, close: __, ...adapter } = await holding('a')
    const { follower, view, log } = followed(adapter)
    await follower.ready()
    await follower.close()
    expect([nameOf(view), log]).toEqual(['a', []])
  })

  it('storage is read once', async () => {
    const { follower, asked } = followed(await holding('a'))
    await follower.ready()
    await turn()
    expect(asked).toEqual(['list'])
  })

  it('a note of a change makes the next attempt an early one', async () => {
    const line = outage()
    line.isDown = true
    const adapter = await holding('a')
    const { follower, view, tell } = followed(adapter, { list: () => line.meet(adapter.list) })
    await turn()
    line.isDown = false
    tell(['a'], [null])
    await follower.ready()
    expect(nameOf(view)).toBe('a')
  })
})

describe('a note', () => {
  it.each([
    ['fifty models has each of them read', 50, 50],
    ['more has all of them read as one list', 51, 1],
  ])('of %s', async (_what, count, reads) => {
    const ids = Array.from({ length: count }, (__, at) => `model-${at}`)
    const { follower, asked, tell } = followed(await holding())
    await follower.ready()
    asked.length = 0
    tell(ids)
    await turn()
    expect(asked).toEqual(reads === 1 ? ['list'] : ids)
  })

  it('that tells no revision is looked into at once, while a write of the model is under way too', async () => {
    const adapter = await holding('a')
    const slow = gate()
    const { follower, asked, tell } = followed(adapter)
    await follower.ready()
    const written = rename(follower, adapter, 'mine', slow.passed)
    tell(['a'])
    await turn()
    expect(asked).toEqual(['list', 'a'])
    slow.open()
    await written
  })

  it('in an outage of the list does not make it look over', async () => {
    const adapter = await holding('a')
    const line = outage()
    const { follower, asked, tell } = followed(adapter, { list: () => line.meet(adapter.list) })
    await follower.ready()
    line.isDown = true
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    asked.length = 0
    tell(['a'])
    await turn()
    expect([asked, follower.fault]).toEqual([['list'], unreachable])
  })
})

describe('a write', () => {
  it('A10 is shown at once, and has nothing read', async () => {
    const adapter = await holding('a')
    const { follower, view, asked } = followed(adapter)
    await follower.ready()
    await rename(follower, adapter, 'mine')
    expect(nameOf(view)).toBe('mine')
    await turn()
    expect(asked).toEqual(['list'])
  })

  it('A10 that deletes ends the model here at once', async () => {
    const adapter = await holding('a', 'b')
    const { follower, view } = followed(adapter)
    await follower.ready()
    await follower.write(
      'a',
      () => adapter.delete('a'),
      () => 'gone',
    )
    expect([view.snapshot.rows.map(({ id }) => id), view.setAside]).toEqual([['b'], []])
  })

  it('that did nothing leaves what is shown as it is', async () => {
    const { follower, view } = followed(await holding('a'))
    await follower.ready()
    const before = view.snapshot
    const done = await follower.write(
      'a',
      async () => 'done',
      () => 'nothing',
    )
    expect([done, view.snapshot === before]).toEqual(['done', true])
  })

  it.each([
    ['the driver', { code: 'ECONNREFUSED' }],
    ['its cause', { cause: { code: 'ECONNREFUSED' } }],
  ])('that fails is known by the code of %s, and forgotten by the next one', async (_whose, error) => {
    const adapter = await holding('a')
    const { follower, asked } = followed(adapter)
    await follower.ready()
    const failure = Object.assign(new Error('sk-secret'), error)
    const failed = follower.write(
      'a',
      () => Promise.reject(failure),
      () => 'nothing',
    )
    await expect(failed).rejects.toBe(failure)
    expect([follower.fault, follower.writeFault]).toEqual([null, unreachable])
    await turn()
    // It may have been done all the same.
    expect(asked).toEqual(['list', 'list'])
    await rename(follower, adapter, 'mine')
    expect(follower.writeFault).toBeNull()
  })

  it('that fails in an outage that is known has nothing read, as the outage is looked after', async () => {
    const adapter = await holding('a')
    const line = outage()
    const { follower, asked } = followed(adapter, { list: () => line.meet(adapter.list) })
    await follower.ready()
    line.isDown = true
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    asked.length = 0
    const failed = follower.write(
      'a',
      () => Promise.reject(new Error('down')),
      () => 'nothing',
    )
    await expect(failed).rejects.toThrow('down')
    await turn()
    expect(asked).toEqual([])
  })

  it('A10 after which storage can neither be read nor listed is shown once it can', async () => {
    const adapter = await holding('a')
    const line = outage()
    const [slowWrite, slowList] = [gate(), gate()]
    let holds = false
    const list = async () => {
      const models = await line.meet(adapter.list)
      if (holds) await slowList.passed
      return models
    }
    const { follower, view } = followed(adapter, { list, get: (id) => line.meet(() => adapter.get(id)) })
    await follower.ready()
    line.isDown = true
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    line.isDown = false
    const written = rename(follower, adapter, 'mine', slowWrite.passed)
    await turn()
    // Newer than the write's beginning, and the list that comes is older than its end.
    await follower.read('a')
    holds = true
    const refreshed = follower.refresh()
    await turn()
    line.isDown = true
    slowWrite.open()
    await written
    line.isDown = false
    slowList.open()
    await refreshed
    expect(nameOf(view)).toBe('mine')
  })
})

describe('close()', () => {
  const closed = { code: 'closed', message: 'This router was closed; make a new one.' }

  it('has nothing read or written afterwards, whoever asks', async () => {
    const adapter = await holding('a')
    const { follower, view, asked, log, tell } = followed(adapter, { close: async () => {} })
    await follower.ready()
    await Promise.all([follower.close(), follower.close()])
    tell('all')
    tell(['a'])
    await expect(follower.refresh()).rejects.toMatchObject(closed)
    await expect(rename(follower, adapter, 'late')).rejects.toMatchObject(closed)
    await turn()
    expect([asked, nameOf(view), (await adapter.get('a'))?.deployment, log]).toEqual([
      ['list'],
      'a',
      named('a'),
      [],
    ])
  })

  it('before all was loaded tells whoever waits for it', async () => {
    const { follower } = followed(await holding('a'))
    const ready = follower.ready()
    await follower.close()
    await expect(ready).rejects.toMatchObject(closed)
  })

  it.each<[string, () => Promise<void>]>([
    ['comes', async () => {}],
    ['fails', () => Promise.reject(new Error('late'))],
  ])('leaves all as it is when a list %s too late', async (_how, answer) => {
    const adapter = await holding('a')
    const slow = gate()
    const list = async () => slow.passed.then(answer).then(adapter.list)
    const { follower, view, log } = followed(adapter, { list, close: async () => {} })
    await turn()
    await follower.close()
    slow.open()
    for (let turns = 0; turns < 5; turns += 1) await turn()
    expect([follower.loaded, follower.fault, view.snapshot.rows]).toEqual([false, null, []])
    expect(log.map(({ message }) => message)).toEqual([
      'storage did not answer in time; the router is closed without',
    ])
    await expect(follower.ready()).rejects.toMatchObject(closed)
  })

  it('tells why watching did not end', async () => {
    const watch = async () => () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }))
    const { follower, log } = followed(await holding('a'), { watch })
    await follower.ready()
    await follower.close()
    expect(log).toEqual([
      {
        level: 'warn',
        details: { source: 'memory', ...unreachable },
        message: 'watching did not end without an error; the router is closed without',
      },
    ])
  })
})
