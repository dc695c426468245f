// autocannon has no types of its own; this is what is used of it.
const autocannon = require('autocannon') as (options: {
  readonly url: string
  readonly connections: number
  readonly duration: number
  readonly requests: readonly LoadRequest[]
  readonly setupClient: (client: Client) => void
}) => Promise<{
  readonly duration: number
  readonly errors: number
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>
}>

interface Client {
  on(event: 'response', listener: (status: number, bytes: number, ms: number) => void): void
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Load {
  readonly requests: readonly LoadRequest[]
  readonly connections: number
  readonly seconds: number
  /** The only status that counts as an answer. */
  readonly status: number
}

export interface Round {
  readonly answered: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Sends the requests in turn on each connection for so long. Throws when anything else came back than was expected. */
export async function load(url: string, { requests, connections, seconds, status }: Load): Promise<Round> {
  // Its own histogram knows whole milliseconds only.
  const taken: number[] = []
  const setupClient = (client: Client): void => client.on('response', (_status, _bytes, ms) => taken.push(ms))
  const result = await autocannon({ url, connections, duration: seconds, requests, setupClient })
  const { [status]: expected, ...others } = result.statusCodeStats
  if (result.errors > 0 || Object.keys(others).length > 0 || expected === undefined)
    throw new Error(
      `${requests[0]?.path}: ${result.errors} errors, answers ${JSON.stringify(result.statusCodeStats)}`,
    )
  taken.sort((one, other) => one - other)
  const below = (share: number): number => taken[Math.floor((taken.length - 1) * share)] ?? Number.NaN
  return {
    answered: expected.count,
    perSecond: expected.count / result.duration,
    p50: below(0.5),
    p95: below(0.95),
    p99: below(0.99),
  }
}
