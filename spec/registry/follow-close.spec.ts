import { setImmediate as turn } from 'node:timers/promises'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import { loggerInto } from '../support/app'
import type { LogLine } from '../support/app'
import { gate } from '../support/gate'

interface Set {
  readonly follower: Follower
  readonly log: LogLine[]
  /** How often the adapter was closed. */
  closed(): number
}

const never = (): Promise<never> => new Promise(() => {})

function following(adapter: ModelAdapter, underWay = 20): Set {
  const log: LogLine[] = []
  let closed = 0
  const source = {
    ...adapter,
    close: async () => {
      closed++
      await adapter.close?.()
    },
  }
  const patience = { underWay, farewell: 20 }
  const view = viewOf('test', () => {})
  const follower = follow({ source, view, logger: loggerInto(log), refreshMs: 3_600_000, patience })
  return { follower, log, closed: () => closed }
}

const gaveUp = (what: string): LogLine => ({
  level: 'warn',
  details: { source: 'memory' },
  message: `${what} in time; the router is closed without`,
})

describe('close() ends', () => {
  it.each<[string, Partial<ModelAdapter>, readonly LogLine[]]>([
    ['while storage never lists', { list: never }, [gaveUp('storage did not answer')]],
    ['while storage never opens', { init: never }, [gaveUp('storage did not answer')]],
    ['while storage never tells its version', { version: never }, [gaveUp('storage did not answer')]],
    [
      'while storage never begins to watch',
      { watch: never },
      [gaveUp('storage did not answer'), gaveUp('watching did not end')],
    ],
    ['while watching never ends', { watch: async () => never }, [gaveUp('watching did not end')]],
    ['while storage never closes', { close: never }, [gaveUp('storage did not close')]],
  ])('%s, and says so', async (_what, broken, said) => {
    const { follower, log, closed } = following({ ...memoryAdapter(), ...broken })
    await turn()
    await follower.close()
    expect([closed(), log]).toEqual([1, said])
    await expect(follower.refresh()).rejects.toMatchObject({ code: 'closed' })
  })

  const failing = (): never => {
    throw new TypeError('gone')
  }

  it.each<[string, Partial<ModelAdapter>, string]>([
    ['while watching fails to end', { watch: async () => async () => failing() }, 'watching did not end'],
    ['while watching fails to end at once', { watch: async () => failing }, 'watching did not end'],
    ['while storage fails to close', { close: async () => failing() }, 'storage did not close'],
    ['while storage fails to close at once', { close: failing }, 'storage did not close'],
  ])('%s, and says so', async (_what, broken, said) => {
    const { follower, log, closed } = following({ ...memoryAdapter(), ...broken })
    await follower.ready()
    await follower.close()
    const at = expect.any(String) as string
    const fault = { at, code: 'TypeError', message: 'storage failed with TypeError' }
    const message = `${said} without an error; the router is closed without`
    expect([closed(), log]).toEqual([
      1,
      [{ level: 'warn', details: { source: 'memory', ...fault }, message }],
    ])
  })

  it('while a write never does, and not before one that does', async () => {
    const { passed, open } = gate()
    const { follower, log, closed } = following(memoryAdapter())
    await follower.ready()
    const write = (id: string, done: Promise<unknown>): Promise<unknown> =>
      follower.write(
        id,
        () => done,
        () => 'nothing',
      )
    void write('a', never())
    const written = write('b', passed)
    const closing = follower.close()
    open()
    await written
    expect(closed()).toBe(0)
    await closing
    expect([closed(), log]).toEqual([1, [gaveUp('storage did not answer')]])
  })
})
