import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { routes } from '../../lib/http/routes'
import type { Route } from '../../lib/http/route'
import { isJsonObject } from '../../lib/json'
import type { JsonValue } from '../../lib/json'
import { masterKey } from '../support/app'
import { findCanaries } from '../support/canary'
import { around, canaries, groups, ids, names } from './values'
import type { Wire } from './wire'

export const keys = {
  teamAdmin: 'sk-team-admin-0001',
  inference: 'sk-inference-00001',
  viewer: 'sk-viewer-00000001',
} as const

/** As a header: stands for the revision of some model that is there when it is sent. */
export const currentRevision = '"current"'

/** Header values as node sends them: no control characters, nothing beyond Latin-1. */
const headerText = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  })
  .map((text) => text.replaceAll('\u007f', ''))

const authorization: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { arbitrary: fc.constant({ authorization: `Bearer ${masterKey}` }), weight: 14 },
  {
    arbitrary: fc.constantFrom(...Object.values(keys)).map((key) => ({ authorization: `Bearer ${key}` })),
    weight: 4,
  },
  {
    arbitrary: fc
      .constantFrom('x-litellm-api-key', 'api-key', 'x-goog-api-key')
      .map((name) => ({ [name]: masterKey })),
    weight: 1,
  },
  { arbitrary: canaries.map((key) => ({ authorization: `Bearer ${key}` })), weight: 1 },
  { arbitrary: canaries.map((key) => ({ 'x-api-key': key, cookie: `session=${key}` })), weight: 1 },
  { arbitrary: headerText.map((text) => ({ authorization: text })), weight: 1 },
  { arbitrary: fc.constant({}), weight: 1 },
)

const contentTypes = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-16le',
  'application/json; charset=bogus',
  'application/vnd.api+json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset="',
  '',
)
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  contentTypes.map((type) => ({ 'content-type': type })),
  fc
    .constantFrom('gzip', 'deflate', 'br', 'identity', 'zstd', 'nonsense', '')
    .map((coding) => ({ 'content-encoding': coding })),
  fc
    .oneof(fc.constantFrom(currentRevision, '"1"', '*', 'W/"1"', '"', '', '"a", "b"'), headerText)
    .map((text) => ({ 'if-match': text })),
  fc.oneof(fc.constantFrom('"1"', '*', 'W/"1"', ','), headerText).map((text) => ({ 'if-none-match': text })),
  fc.constantFrom('text/html', '*/*', 'nonsense', '').map((accept) => ({ accept })),
  fc.constantFrom('DELETE', 'PATCH').map((method) => ({ 'x-http-method-override': method })),
  fc
    .tuple(
      fc.constantFrom('x-forwarded-for', 'x-request-id', 'origin', 'range', 'te', 'x-anything'),
      headerText,
    )
    .map(([name, value]) => ({ [name]: value })),
)

const parameter = /\{(\w+)\}/g

/** What a path's parameter names, where any text would never meet anything. */
const named: Readonly<Record<string, fc.Arbitrary<string>>> = {
  model_id: ids,
  model: names,
  access_group: groups,
}

const target = (parts: { route: Route; id: string; query: string; isRaw: boolean }): string => {
  const { route, id, query, isRaw } = parts
  const segment = isRaw ? id.replaceAll(/[^\u0021-\u007e]|[?#]/g, '') : encodeURIComponent(id)
  const path = route.path.replaceAll(parameter, () => segment)
  return path + (query === '' ? '' : `?${query}`)
}

const oddIds = fc.oneof(
  ids,
  names,
  groups,
  fc.constantFrom('%zz', '%', '%00', '%ff', '%2e%2e', '//', '', ';', 'a%2Fb', '%C0%AF'),
  fc.string({ maxLength: 8 }),
)

const queryText: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme-ascii', maxLength: 30 })
  .map((text) => text.replaceAll(/[# ]/g, ''))

function queryOf(route: Route): fc.Arbitrary<string> {
  const blind = fc.oneof(
    queryText,
    canaries.map((secret) => `api_key=${secret}`),
    canaries.map(
      (secret) => `scope=${secret}&sortBy=${secret}&page=${secret}&hours=${secret}&fallback_type=${secret}`,
    ),
    fc.constantFrom(
      '__proto__=1',
      'a[b]=1',
      'a=1&a=2',
      '%zz=%zz',
      '&&&',
      '=',
      'page=1&page=x',
      'a'.repeat(2000),
    ),
  )
  if (route.query === undefined)
    return fc.oneof({ arbitrary: fc.constant(''), weight: 6 }, { arbitrary: blind, weight: 1 })
  const aware = around(route.query).map((value) =>
    Object.entries(Object(value) as object)
      .filter(([, member]) => member !== null)
      // What is looked for is named in the answer; no key belongs there.
      .filter(([, member]) => !isJsonObject(member))
      .map(
        ([name, member]) =>
          `${escaped(name)}=${escaped(typeof member === 'string' ? member : JSON.stringify(member))}`,
      )
      .join('&'),
  )
  return fc.oneof(
    { arbitrary: aware, weight: 6 },
    { arbitrary: blind, weight: 1 },
    { arbitrary: fc.constant(''), weight: 2 },
  )
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function bodyOf(route: Route): fc.Arbitrary<Buffer | undefined> {
  const json = around(route.body ?? 'model-new').map((value: JsonValue) => Buffer.from(JSON.stringify(value)))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
    fc
      .constantFrom('', ' ', '{', '[]', 'null', '"a"', '1e999', '{"a":1}{', '\ufeff{}', 'nul', '-')
      .map((text) => Buffer.from(text)),
    fc.nat({ max: 3000 }).map((depth) => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
    fc.tuple(json, fc.nat()).map(([whole, at]) => whole.subarray(0, at % (whole.length + 1))),
    fc.tuple(json, fc.nat(), fc.nat({ max: 255 })).map(([whole, at, byte]) => {
      const copy = Buffer.from(whole)
      // A name that was a credential's may be none any more.
      if (copy.length > 0 && findCanaries(copy.toString('latin1')).length === 0) copy[at % copy.length] = byte
      return copy
    }),
    json.map((whole) => gzipSync(whole)),
    fc.constant(Buffer.alloc(70_000, 'a')),
  )
  if (route.body === undefined)
    return fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary: json, weight: 1 })
  return fc.oneof(
    { arbitrary: json, weight: 8 },
    { arbitrary: bytes, weight: 2 },
    { arbitrary: fc.constant(undefined), weight: 1 },
  )
}

function onRoute(route: Route): fc.Arbitrary<Wire> {
  const methods = fc.oneof(
    { arbitrary: fc.constant(route.method.toUpperCase()), weight: 20 },
    {
      arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'),
      weight: 1,
    },
  )
  return fc
    .record({
      method: methods,
      id: fc.oneof({ arbitrary: namedBy(route), weight: 3 }, { arbitrary: oddIds, weight: 1 }),
      isRaw: fc.nat({ max: 9 }).map((at) => at === 0),
      query: queryOf(route),
      auth: authorization,
      odd: fc.oneof({ arbitrary: fc.constant({}), weight: 8 }, { arbitrary: oddHeaders, weight: 2 }),
      body: bodyOf(route),
    })
    .map(({ method, id, isRaw, query, auth, odd, body }) => ({
      method,
      target: target({ route, id, query, isRaw }),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...auth, ...odd },
      body,
    }))
}

function namedBy({ path }: Route): fc.Arbitrary<string> {
  const [, name = ''] = Array.from(path.matchAll(parameter))[0] ?? []
  return named[name] ?? ids
}

/** Paths that are nearly ours. */
const elsewhere: fc.Arbitrary<Wire> = fc
  .tuple(fc.constantFrom(...routes), fc.nat(), queryText, authorization)
  .map(([{ path, method }, at, junk, headers]) => {
    const cut = at % (path.length + 1)
    const whole = (path.slice(0, cut) + junk.slice(0, 3) + path.slice(cut)).replaceAll(/[{}]/g, '')
    return { method: method.toUpperCase(), target: `/${whole.replace(/^\/+/, '')}`, headers }
  })

const writing = routes.filter(({ body }) => body !== undefined)

const isAboutMap = ({ path }: Route): boolean => /litellm_model_cost_map|reload\/|openapi/.test(path)

const reading = routes.filter((route) => route.body === undefined && !isAboutMap(route)).map(onRoute)

/** Every route, those that write more often. */
export const requests: fc.Arbitrary<Wire> = fc.oneof(
  // The cost map is large, and each of its answers like the next.
  ...routes.map((route) => ({ arbitrary: onRoute(route), weight: isAboutMap(route) ? 1 : 8 })),
  ...writing.map((route) => ({ arbitrary: onRoute(route), weight: 20 })),
  { arbitrary: elsewhere, weight: 12 },
)

/** Some that are under way at one time, about the same few things. */
export const crowds: fc.Arbitrary<readonly Wire[]> = fc.array(
  fc.oneof(
    ...writing.map((route) => ({ arbitrary: onRoute(route), weight: route.path === '/model/new' ? 12 : 3 })),
    ...reading.map((arbitrary) => ({ arbitrary, weight: 1 })),
  ),
  { minLength: 2, maxLength: 8 },
)

/** What no HTTP client would send. */
export const rawBytes: fc.Arbitrary<Buffer> = fc
  .tuple(requests, fc.nat(), fc.uint8Array({ maxLength: 8 }))
  .map(([{ method, target: path, headers, body = Buffer.alloc(0) }, at, noise]) => {
    const lines = Object.entries({
      host: 'x',
      connection: 'close',
      'content-length': String(body.length),
      ...headers,
    })
    const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    const whole = Buffer.concat([Buffer.from(head, 'latin1'), body])
    const cut = at % (whole.length + 1)
    return Buffer.concat([whole.subarray(0, cut), noise, whole.subarray(cut + (at % 3))])
  })
