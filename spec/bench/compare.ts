import { ifNoneMatch } from './cases'
import type { Case } from './cases'
import { load } from './load'
import type { LoadRequest } from './load'
import { serve } from './processes'
import type { Server } from './processes'
import type { Answer } from './server'
import type { Storage } from './storage'

export interface Effort {
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly profile?: string | undefined
}

/** Medians of the rounds of one server. */
export interface Figures {
  readonly contender: string
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Processor time of the server for one answer. What the machine's other work takes does not show in it. */
  readonly cpuMicroseconds: number
  readonly stallMs: number
  readonly rssMegabytes: number
}

export interface Compared {
  readonly figures: readonly Figures[]
  /** Requests a second as a share of the ceiling's: the median of each round's. */
  readonly ratio: number
  /** The ceiling's processor time for one answer as a share of ours. */
  readonly cpuRatio: number
}

/** Measures our router beside the ceiling: round by round, so that whatever slows the machine slows both. */
export async function compare(one: Case, storages: readonly Storage[], effort: Effort): Promise<Compared> {
  const [storage = { kind: 'memory' }, other = storage] = storages
  const { rows, wildcards, status, naive } = one
  const open: [name: string, server: Server][] = []
  try {
    const ours = await serve({ kind: 'ours', rows, wildcards, storage }, { profile: effort.profile })
    open.push(['ours', ours])
    const requests = await revalidating(ours, one.requests)
    if (requests.every(({ method }) => method === 'POST'))
      open.unshift(['ceiling', await serve({ kind: 'insert', storage: other })])
    else {
      const answers = await recorded(ours, requests)
      open.unshift(['ceiling', await serve({ kind: 'ceiling', answers })])
      if (naive) open.push(['naive', await serve({ kind: 'naive', answers })])
    }
    const rounds: Measured[][] = []
    for (let round = -1; round < effort.rounds; round++) {
      const measured: Measured[] = []
      // The first round warms up, and is shorter. The others begin with another server each time.
      const turn = open.map((_, at) => open[(at + round + open.length) % open.length])
      for (const contender of turn) {
        if (contender === undefined) continue
        const [name, server] = contender
        const { connections, times } = one.slow ?? { connections: effort.connections, times: 1 }
        const seconds = (round < 0 ? Math.min(1, effort.seconds) : effort.seconds) * times
        measured.push(await measure(name, server, { requests, connections, seconds, status }))
      }
      if (round >= 0) rounds.push(measured)
    }
    return summary(
      open.map(([name]) => name),
      rounds,
    )
  } finally {
    await Promise.all(open.map(([, server]) => server.end()))
  }
}

/** Asks until what comes is what will come: a list may be compressed only after it was first sent. */
async function recorded(server: Server, requests: readonly LoadRequest[]): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const request of requests) {
    let answer = await ask(server, request)
    for (let again = 0; again < 20 && request.headers['accept-encoding'] !== undefined; again++) {
      if (answer.headers['content-encoding'] !== undefined) break
      await new Promise((resolve) => setTimeout(resolve, 250))
      answer = await ask(server, request)
    }
    answers.push(answer)
  }
  return answers
}

async function revalidating(
  server: Server,
  requests: readonly LoadRequest[],
): Promise<readonly LoadRequest[]> {
  return Promise.all(
    requests.map(async (request) => {
      if (request.headers[ifNoneMatch] === undefined) return request
      const { headers } = await ask(server, request)
      return { ...request, headers: { ...request.headers, [ifNoneMatch]: headers['etag'] ?? '' } }
    }),
  )
}

async function ask({ url }: Server, { method, path, headers }: LoadRequest): Promise<Answer> {
  const { body, status, headers: received } = await exchange(url + path, method, headers)
  return { path, authorization: headers['authorization'] ?? '', status, headers: received, body }
}

type Exchanged = Pick<Answer, 'status' | 'headers' | 'body'>

/** Not `fetch`, which decodes what it receives. */
function exchange(url: string, method: string, headers: LoadRequest['headers']): Promise<Exchanged> {
  const { request } = require('node:http') as typeof import('node:http')
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const { connection: _c, 'keep-alive': _k, date: _d, ...rest } = response.headers
        const kept = Object.entries(rest).map(([name, value]) => [name, String(value)] as const)
        const body = Buffer.concat(parts)
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(kept), body })
      })
    })
    sent.on('error', reject).end()
  })
}

type Measured = Figures

async function measure(
  contender: string,
  server: Server,
  what: Parameters<typeof load>[1],
): Promise<Measured> {
  const before = await server.usage()
  const { answered, perSecond, p50, p95, p99 } = await load(server.url, what)
  const { cpuMs, stallMs, rssBytes } = await server.usage()
  const cpuMicroseconds = ((cpuMs - before.cpuMs) * 1000) / answered
  return { contender, perSecond, p50, p95, p99, cpuMicroseconds, stallMs, rssMegabytes: rssBytes / 2 ** 20 }
}

function summary(contenders: readonly string[], rounds: readonly (readonly Measured[])[]): Compared {
  const of = (name: string): readonly Measured[] =>
    rounds
      .map((round) => round.find(({ contender }) => contender === name))
      .filter((one) => one !== undefined)
  const figures = contenders.map((contender): Figures => {
    const mine = of(contender)
    const middle = (pick: (one: Measured) => number): number => median(mine.map(pick))
    return {
      contender,
      perSecond: middle((one) => one.perSecond),
      p50: middle((one) => one.p50),
      p95: middle((one) => one.p95),
      p99: middle((one) => one.p99),
      cpuMicroseconds: middle((one) => one.cpuMicroseconds),
      stallMs: middle((one) => one.stallMs),
      rssMegabytes: middle((one) => one.rssMegabytes),
    }
  })
  const ceiling = of('ceiling')
  const share = (pick: (ours: Measured, top: Measured) => number): number =>
    median(of('ours').flatMap((ours, at) => (ceiling[at] === undefined ? [] : [pick(ours, ceiling[at])])))
  return {
    figures,
    ratio: share((ours, top) => ours.perSecond / top.perSecond),
    cpuRatio: share((ours, top) => top.cpuMicroseconds / ours.cpuMicroseconds),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
