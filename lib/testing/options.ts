import type { ModelAdapter } from '../adapters/adapter'

export const optionalMethods = [
  'init',
  'close',
  'ping',
  'watch',
  'batch',
  'readSettings',
  'writeSettings',
  'version',
  'revisions',
] as const

/** What an adapter may leave out. */
export type OptionalMethod = (typeof optionalMethods)[number]

/** How the kit gets at the adapter under test. What is left out here is skipped, and says so. */
export interface ConformanceOptions {
  /** A fresh adapter over empty storage, not yet initialised; called at least once per case. The kit closes it. */
  readonly create: () => Promise<ModelAdapter> | ModelAdapter
  /** A second adapter over the first one's storage, as another process would open it. Enables the multi-instance cases. */
  readonly peer?: (first: ModelAdapter) => Promise<ModelAdapter> | ModelAdapter
  /** Opens the first one's storage again after `close()`. Enables the durability cases. */
  readonly reopen?: (closed: ModelAdapter) => Promise<ModelAdapter> | ModelAdapter
  /** Makes storage fail until the returned function is called. Enables the outage cases. */
  readonly outage?: (adapter: ModelAdapter) => Promise<() => Promise<void>>
  /**
   * Optional methods that the adapter does not have; one case checks that this is so.
   * @default none
   */
  readonly absent?: readonly OptionalMethod[]
  /**
   * How long to wait for a hint of `watch`, in milliseconds. Under jest's and vitest's own limit of 5 s a test.
   * @default 4000
   */
  readonly waitMs?: number
}
