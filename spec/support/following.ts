import type { ChangeListener, ModelAdapter, ModelSource } from '../../lib/adapters/adapter'
import { follow } from '../../lib/registry/follow'
import type { Follower } from '../../lib/registry/follow'
import { viewOf } from '../../lib/registry/view'
import type { View } from '../../lib/registry/view'
import { loggerInto } from './app'
import type { LogLine } from './app'

/** A follower and what it follows; closed by itself after the spec. */
export interface Followed {
  readonly view: View
  readonly follower: Follower
  readonly log: readonly LogLine[]
  /** What storage was asked for: ids, and `list`. */
  readonly asked: string[]
  /** Tells the follower of a change, as storage would. */
  tell(...change: Parameters<ChangeListener>): void
}

const open: Follower[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
})

/** Follows storage whose notes are told by hand. */
export function followed(
  adapter: ModelAdapter,
  behave: Partial<ModelSource> = {},
  refreshMs = 3_600_000,
): Followed {
  const log: LogLine[] = []
  const asked: string[] = []
  let tell: ChangeListener = () => {}
  const { get, list } = { ...adapter, ...behave }
  const source: ModelSource = {
    ...adapter,
    async watch(listener) {
      tell = listener
      return async () => {}
    },
    ...behave,
    list() {
      asked.push('list')
      return list()
    },
    get(id) {
      asked.push(id)
      return get(id)
    },
  }
  const view = viewOf('test', () => {})
  const patience = { underWay: 250, farewell: 250 }
  const follower = follow({ source, view, logger: loggerInto(log), refreshMs, patience })
  open.push(follower)
  return { view, follower, log, asked, tell: (...change) => tell(...change) }
}

/** Storage that can be out of reach; `asked` by `asking(method)` it answers or fails. */
export interface Outage {
  isDown: boolean
  meet<T>(answer: () => Promise<T>): Promise<T>
}

export function outage(code = 'ECONNREFUSED'): Outage {
  const state: Outage = {
    isDown: false,
    meet: (answer) => (state.isDown ? Promise.reject(Object.assign(new Error(), { code })) : answer()),
  }
  return state
}
