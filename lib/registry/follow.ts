import type { ChangeListener, ModelSource, StoredModel } from '../adapters/adapter'
import { ModelManagementError } from '../errors'

import type { Logger } from '../logger'
import { askers } from './askers'
import { breath } from './breath'
import { isDoneWithin } from './done-within'
import { faultOf } from './fault'
import type { Fault } from './fault'
import { createFirstLoad, isFinal } from './first-load'
import type { ReadyOptions } from './first-load'
import { hintsOf } from './hints'
import { observations } from './observations'
import { createReadFaults } from './read-faults'
import type { Row } from './row'
import { subscription } from './subscription'
import { isKnown, survey } from './survey'
import { turns } from './turns'
import type { View } from './view'

export interface FollowOptions {
  readonly source: ModelSource
  readonly view: View
  readonly logger: Logger
  /** Milliseconds between full reads when no hint comes; each instance waits up to a tenth longer or shorter. */
  readonly refreshMs: number
  /** Called after each full read. */
  readonly onRead?: () => void
  /** What storage has not answered for too long. */
  readonly unanswered?: () => Fault | null
  /** Awaited after the first full read, before the view counts as loaded. */
  readonly prepare?: () => Promise<void>
  readonly patience?: Patience
}

/** How long closing waits, in milliseconds: for what is under way, then for each step of letting go of storage. */
interface Patience {
  readonly underWay: number
  readonly farewell: number
}

/** Keeps the view equal to storage. Hints make the next read early; the timer reads anyway. */
export interface Follower {
  readonly loaded: boolean
  /** ISO 8601; when the last full read succeeded. */
  readonly loadedAt: string | null
  /** What the last read failed with; null once one has succeeded again. */
  readonly fault: Fault | null
  /** What the last write failed with; null once storage has taken one again. */
  readonly writeFault: Fault | null
  /** What keeps changes by others from being heard at once; null while they are. */
  readonly hearingFault: Fault | null
  /** Resolves when the first full read is done, however many attempts that takes; with a time-out, rejects after it. */
  ready(options?: ReadyOptions): Promise<void>
  /** Reads everything that was stored when it was called. Rejects if storage cannot be read. */
  refresh(): Promise<void>
  /** The row as storage has it now. Rejects if storage cannot be read. */
  read(id: string): Promise<Row | undefined>
  /** Runs one write of this id after those before it, and lets the view show what it resolved with. */
  write<R>(
    id: string,
    attempt: () => Promise<R>,
    outcome: (result: R) => StoredModel | 'gone' | 'nothing',
  ): Promise<R>
  /** Waits for what is under way and closes storage; what does not end in time is left behind, and said. */
  close(): Promise<void>
}

/** Storage that is back is noticed within the longest of these. */
const retryMs = { first: 100, most: 2000 }
/** Of a timer; anything longer fires at once. */
const longestMs = 2 ** 31 - 1
const patient: Patience = { underWay: 10_000, farewell: 2000 }

export function follow(options: FollowOptions): Follower {
  const { source, view, logger, refreshMs, onRead, prepare } = options
  const { unanswered = () => null, patience = patient } = options
  const seen = observations()
  const writing = turns()
  const hints = hintsOf(view, writing, hint)
  const asking = askers()
  const hearing = subscription({ source, logger, listener: hint })
  const state = { loaded: false, closed: false, initialised: false, failures: 0 }
  const isLoaded = (): boolean => state.loaded
  const faults = createReadFaults({ source: source.name, logger, isLoaded, unanswered })
  const first = createFirstLoad({ fault: () => faults.current ?? unanswered(), remind: faults.remind })
  let loadedAt: string | null = null
  let writeFault: Fault | null = null
  let timer: NodeJS.Timeout | undefined
  // One for the life of it, so that instances do not read in step: node keeps something of every length a timer ever had.
  const pace = 0.9 + Math.random() * 0.2
  /** Of the last list that was read. */
  let listedVersion: string | undefined
  let pumping: Promise<void> | undefined
  let closing: Promise<void> | undefined

  function later(ms: number): void {
    clearTimeout(timer)
    if (state.closed) return
    timer = setTimeout(() => void refresh().catch(() => {}), Math.min(Math.round(ms * pace), longestMs))
    timer.unref()
  }

  async function open(): Promise<void> {
    if (!state.initialised) await source.init?.()
    state.initialised = true
    await hearing.open()
  }

  function hint(...told: Parameters<ChangeListener>): void {
    hints.take(...told)
    if (hints.areWaiting) void pump().catch(() => {})
  }

  function refresh(): Promise<void> {
    if (state.closed) return Promise.reject(closedError())
    hints.take('all')
    const { next } = asking
    void pump().catch(() => {})
    return next
  }

  /** One read at a time; whatever is asked for during a read causes exactly one more. */
  function pump(): Promise<void> {
    if (state.closed) return Promise.reject(closedError())
    pumping ??= drain()
    return pumping
  }

  async function drain(): Promise<void> {
    try {
      await open()
      let hasReadAll = false
      for (let round = 0; hints.areWaiting && !state.closed; round++) {
        if (round > 0) await breath(round)
        const { all, ids } = hints.next()
        hasReadAll ||= all
        asking.begin(all)
        if (all) await readAll()
        else await Promise.all(ids.map(readAnew))
      }
      // Before anything else can ask: whoever does from here on starts a pump of its own.
      pumping = undefined
      recovered(hasReadAll)
      asking.end()
    } catch (error) {
      pumping = undefined
      failed(error)
      asking.fail(error)
      throw error
    }
  }

  function recovered(hasReadAll: boolean): void {
    faults.clear()
    state.failures = 0
    // Hints may come all the time, and one of them may have got lost: they do not put off the next full read.
    if (hasReadAll) later(refreshMs)
  }

  function failed(error: unknown): void {
    if (state.closed) return
    faults.add(error)
    hints.take('all')
    if (!state.loaded && isFinal(error)) return first.reject(error)
    later(Math.min(retryMs.first * 2 ** state.failures++, retryMs.most, refreshMs))
  }

  async function readAll(): Promise<void> {
    const ticket = seen.begin()
    // Asked for before the list: what changes in between is found by the next read at the latest.
    const now = await source.version?.()
    if (now === undefined || now !== listedVersion || view.isOrderGuessed) {
      const readings = await survey(source, view)
      await view.prepare(readings)
      if (state.closed) return
      const unsettled = view.putAll(readings, (id) => seen.isNews(id, ticket))
      if (unsettled.length > 0) hints.take(unsettled)
      seen.noteAll()
      listedVersion = now
    }
    loadedAt = new Date().toISOString()
    onRead?.()
    // What cannot be prepared is built when it is asked for, and fails there.
    if (!state.loaded) await prepare?.().catch(() => {})
    state.loaded = true
    first.resolve()
  }

  /** Repeated when something newer came in between and says otherwise: two readers shall never see time run backwards. */
  async function readAnew(id: string): Promise<Row | undefined> {
    for (;;) {
      const ticket = seen.begin()
      const model = await source.get(id).catch(doubted)
      if (seen.isNews(id, ticket)) return learn(id, model)
      const known = view.snapshot.byId.get(id)
      if (known?.revision === model?.revision) return known
    }
  }

  async function read(id: string): Promise<Row | undefined> {
    const isSame = await isKnown(source, view, id).catch(doubted)
    return isSame ? view.snapshot.byId.get(id) : readAnew(id)
  }

  function refused(error: unknown): never {
    const { cause } = Object(error) as { readonly cause?: unknown }
    writeFault = faultOf(cause ?? error)
    return doubted(error)
  }

  /** Whoever meets an outage first makes it known, and looked after; whatever a write did before it failed is read. */
  function doubted(error: unknown): never {
    if (faults.current === null) hint('all')
    throw error
  }

  function learn(id: string, model: StoredModel | undefined): Row | undefined {
    seen.note(id)
    const row = view.put(id, model)
    if (view.isOrderGuessed) hint('all')
    return row
  }

  async function end(): Promise<void> {
    state.closed = true
    clearTimeout(timer)
    first.reject(closedError())
    const { underWay, farewell } = patience
    await leave(underWay, Promise.allSettled([pumping, writing.settled()]), 'storage did not answer')
    asking.fail(closedError())
    await leave(farewell, hearing.close(), 'watching did not end')
    const closed = Promise.resolve().then(() => source.close?.())
    await leave(farewell, closed, 'storage did not close')
  }

  /** Whoever closes the router can do nothing about a step that fails, and the next one is due all the same. */
  async function leave(ms: number, work: Promise<unknown>, otherwise: string): Promise<void> {
    const left = (how: string, why: object = {}): void =>
      logger.warn({ source: source.name, ...why }, `${otherwise} ${how}; the router is closed without`)
    try {
      if (!(await isDoneWithin(ms, work))) left('in time')
    } catch (error) {
      left('without an error', faultOf(error))
    }
  }

  function write<R>(
    id: string,
    attempt: () => Promise<R>,
    outcome: (result: R) => StoredModel | 'gone' | 'nothing',
  ): Promise<R> {
    if (state.closed) return Promise.reject(closedError())
    return writing.take(id, async () => {
      const began = seen.begin()
      const result = await attempt().catch(refused)
      writeFault = null
      const stored = outcome(result)
      if (stored === 'nothing') return result
      // A read that ended after this write began may already have seen what another hand wrote after it.
      if (seen.isNews(id, began)) learn(id, stored === 'gone' ? undefined : stored)
      else await readAnew(id).catch(() => hint([id]))
      return result
    })
  }

  void refresh().catch(() => {})

  return {
    get loaded() {
      return state.loaded
    },
    get loadedAt() {
      return loadedAt
    },
    get fault() {
      return faults.current
    },
    get writeFault() {
      return writeFault
    },
    get hearingFault() {
      return hearing.fault()
    },
    ready: first.wait,
    refresh,
    read,
    write,
    // Whoever closes again waits as well: after any of them the process may be ended.
    close: () => (closing ??= end()),
  }
}

function closedError(): ModelManagementError {
  return new ModelManagementError('closed', 'This router was closed; make a new one.')
}
