import type { Caller } from '../caller'
import type { JsonValue } from '../json'
import type { PublicModel } from '../model-info/present'
import type { Options } from '../options'
import type { Registry } from '../registry/registry'
import type { Scope } from '../registry/visibility'

/** A request as a handler sees it: checked, and a plain value. */
export interface Call {
  readonly params: Readonly<Record<string, string>>
  /** The last value of each name, as FastAPI reads a query, and as the route's schema says. */
  readonly query: object
  /** What the route's schema says; `null` where it has none. */
  readonly body: unknown
  /** The revisions in `If-Match`; undefined when any will do. */
  readonly ifRevisions: readonly string[] | undefined
  readonly caller: Caller
  readonly scope: Scope
  /** Whether the client reads Anthropic's shapes: it sends the header `anthropic-version`. */
  readonly isAnthropic: boolean
}

/** An answer. `parts` are ready JSON, one after the other; `body` is turned into JSON; with neither the body is empty. */
export interface Reply {
  readonly status: number
  readonly body?: JsonValue | PublicModel
  readonly parts?: readonly Buffer[]
  /** A validator of the content, in quotes: an equal `If-None-Match` is answered with 304. */
  readonly etag?: string
  /** The revision of the one row that this is about; sent as `ETag`, but a 304 is never answered for it. */
  readonly revision?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What handlers work with. */
export interface Context {
  readonly registry: Registry
  readonly options: Options
  /** The OpenAPI document of the routes. */
  readonly document: () => Pick<Reply, 'parts' | 'etag'>
}

export type Handler = (context: Context, call: Call) => Reply | Promise<Reply>
