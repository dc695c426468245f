import { fail } from 'node:assert'
import type { ModelAdapter } from '../adapters/adapter'
import { listenTo, type Ear } from './ear'
import type { ConformanceOptions, OptionalMethod } from './options'

export type Need = OptionalMethod | 'peer' | 'reopen' | 'outage'

export interface Case {
  readonly name: string
  readonly needs?: readonly Need[]
  readonly check: (scope: Scope) => Promise<void>
}

/** What one case has opened; all of it is closed at the end, whether the case holds or not. */
export interface Scope {
  readonly absent: readonly OptionalMethod[]
  /** A fresh adapter, initialised. */
  readonly open: () => Promise<Full>
  /** A fresh adapter as `create()` gives it. */
  readonly openRaw: () => Promise<Full>
  /** Another adapter over the same storage, initialised. */
  readonly peer: (first: ModelAdapter) => Promise<Full>
  readonly peerRaw: (first: ModelAdapter) => Promise<Full>
  /** The same storage again, initialised. The first adapter is closed before. */
  readonly reopen: (first: Full) => Promise<Full>
  /** Storage fails until the returned function is called. */
  readonly outage: (adapter: ModelAdapter) => Promise<() => Promise<void>>
  /** Watches; ready once the first `'all'` was heard. `id`, or without one the settings, is read anew at each hint. */
  readonly listen: (adapter: Full, id?: string) => Promise<Ear>
}

/** An adapter of which a case calls only those optional methods that it names as its needs. */
export type Full = Required<Omit<ModelAdapter, 'file'>>

export async function inScope(
  options: ConformanceOptions,
  check: (scope: Scope) => Promise<void>,
): Promise<void> {
  const endings: (() => Promise<void>)[] = []
  let problem: unknown
  let failed = false
  try {
    await check(scopeOf(options, endings))
  } catch (error) {
    failed = true
    problem = error
  }
  // Last opened, first closed. An ending that fails does not keep the others from being done.
  for (const end of endings.toReversed()) {
    try {
      await end()
    } catch (error) {
      problem = failed ? problem : error
      failed = true
    }
  }
  if (failed) throw problem
}

function scopeOf(options: ConformanceOptions, endings: (() => Promise<void>)[]): Scope {
  const { absent = [], waitMs = 4000 } = options

  function kept(adapter: ModelAdapter): Full {
    endings.push(async () => adapter.close?.())
    // A method that is neither there nor named in `absent` is reported by a case of its own, and fails those that call it.
    return adapter as Full
  }

  async function started(adapter: ModelAdapter): Promise<Full> {
    const full = kept(adapter)
    await adapter.init?.()
    return full
  }

  return {
    absent,
    async open() {
      return started(await options.create())
    },
    async openRaw() {
      return kept(await options.create())
    },
    async peer(first) {
      return started(await need(options.peer, 'peer')(first))
    },
    async peerRaw(first) {
      return kept(await need(options.peer, 'peer')(first))
    },
    async reopen(first) {
      await first.close()
      return started(await need(options.reopen, 'reopen')(first))
    },
    async outage(adapter) {
      const heal = await need(options.outage, 'outage')(adapter)
      let healed = false
      const once = async () => {
        if (healed) return
        healed = true
        await heal()
      }
      endings.push(once)
      return once
    },
    async listen(adapter, id) {
      const ear = await listenTo(adapter, waitMs, id)
      endings.push(() => ear.unwatch())
      await ear.until("'all' once subscribed", ({ ids }) => ids === 'all')
      return ear
    },
  }
}

function need<T>(given: T | undefined, name: string): T {
  return given ?? fail(`the options have no ${name}()`)
}
