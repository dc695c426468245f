import type { LoadRequest } from './load'
import { idAt, keyAt, keysInTurn, masterKey, nameAt } from './rows'
import type { Storage } from './storage'

/** What is asked of our router, and of a ceiling that gives the same answer, in one run. */
export interface Case {
  readonly name: string
  readonly rows: number
  readonly wildcards?: number
  readonly storage: Storage['kind']
  readonly requests: readonly LoadRequest[]
  readonly status: number
  /** A route written without much thought is measured too. */
  readonly naive: boolean
  /** For answers of many megabytes: fewer at once, and so many times as long. */
  readonly slow?: { readonly connections: number; readonly times: number }
  /** Least share of the ceiling's requests a second. */
  readonly target?: number
  /** Most that 99 of 100 answers may take, as so many times what they take in another case. */
  readonly p99AtMost?: { readonly times: number; readonly of: string }
  /** Most milliseconds that 95 of 100 answers may take, and that the event loop may stand still. */
  readonly limits?: { readonly p95Ms: number; readonly stallMs: number }
}

export const sizes = [10, 100, 1000, 10_000] as const

export function bearer(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` }
}

function get(path: string, key = masterKey, headers: Readonly<Record<string, string>> = {}): LoadRequest {
  return { method: 'GET', path, headers: { ...bearer(key), ...headers } }
}

const eachKey = Array.from({ length: keysInTurn }, (_, at) => get('/model/info', keyAt(at)))
const plain = { storage: 'memory', status: 200, naive: false } as const

/** Sent back is the validator that was received: filled in when the server is up. */
export const ifNoneMatch = 'if-none-match'

const lists: readonly Case[] = sizes.flatMap((rows) => [
  {
    ...plain,
    name: 'info: master key',
    rows,
    requests: [get('/model/info')],
    naive: true,
    ...(rows < 10_000 ? {} : { slow: { connections: 2, times: 5 } }),
    target: 0.85,
  },
  {
    ...plain,
    name: 'info: key with 20 models',
    rows,
    requests: [get('/model/info', keyAt(0))],
    naive: true,
    target: 0.7,
  },
  { ...plain, name: 'info: 200 keys in turn', rows, requests: eachKey, target: 0.7 },
  {
    ...plain,
    name: 'info: 304',
    rows,
    requests: [get('/model/info', masterKey, { [ifNoneMatch]: '' })],
    status: 304,
    target: 0.85,
  },
])

const encoded: readonly Case[] = ['gzip', 'br'].map((encoding) => ({
  ...plain,
  name: `info: ${encoding}`,
  rows: 1000,
  requests: [get('/model/info', masterKey, { 'accept-encoding': encoding })],
  target: 0.85,
}))

const single: readonly Case[] = [10, 1000, 10_000, 100_000].flatMap((rows) => [
  { ...plain, name: 'info: by id', rows, requests: [get(byId(rows))], target: 0.85 },
  {
    ...plain,
    name: 'v1/models/{id}',
    rows,
    requests: [get(`/v1/models/${nameAt(rows >> 1)}`)],
    target: 0.85,
  },
])

const fromSqlite: readonly Case[] = [10, 10_000].map((rows) => ({
  ...plain,
  name: 'info: by id, sqlite',
  storage: 'sqlite',
  rows,
  requests: [get(byId(rows))],
  target: 0.75,
}))

const pages: readonly Case[] = [
  { ...plain, name: 'v2: page 1', rows: 100, requests: [get('/v2/model/info?page=1&size=50')] },
  {
    ...plain,
    name: 'v2: search and sort',
    rows: 10_000,
    // Each search is another one: more than are remembered.
    requests: Array.from({ length: 200 }, (_, at) =>
      get(`/v2/model/info?page=1&size=50&search=0${at}&sortBy=model_name&sortOrder=desc`),
    ),
    p99AtMost: { times: 5, of: 'v2: page 1' },
  },
]

const names: readonly Case[] = [
  {
    ...plain,
    name: 'v1/models: 6 wildcards',
    rows: 5000,
    wildcards: 6,
    requests: [get('/v1/models')],
    limits: { p95Ms: 50, stallMs: 20 },
  },
]

const added = Array.from({ length: 500 }, (_, at): LoadRequest => ({
  method: 'POST',
  path: '/model/new',
  headers: { ...bearer(masterKey), 'content-type': 'application/json' },
  body: JSON.stringify({
    model_name: `added-${at}`,
    litellm_params: { model: 'openai/gpt-4o', api_key: 'os.environ/BENCH_PROVIDER_KEY', rpm: 600 },
    model_info: { access_groups: ['group-1'] },
  }),
}))

const writes: readonly Case[] = (['sqlite', 'postgres'] as const).map((storage) => ({
  ...plain,
  name: `new: ${storage}`,
  storage,
  rows: 10,
  requests: added,
  target: 0.7,
}))

export const cases: readonly Case[] = [
  ...lists,
  ...encoded,
  ...single,
  ...fromSqlite,
  ...pages,
  ...names,
  ...writes,
]

function byId(rows: number): string {
  return `/model/info?litellm_model_id=${idAt(rows >> 1)}`
}
