import { deepStrictEqual, fail, match, ok, strictEqual } from 'node:assert'
import type {
  BatchResult,
  ModelDraft,
  ModelSource,
  Refusal,
  StoredModel,
  WriteResult,
} from '../adapters/adapter'

/**
 * Equal as JSON, whatever the order of keys. Not `deepStrictEqual`: jest runs specs in a realm of their own, where plain
 * objects made by a native driver or by `structuredClone` count as different.
 */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [canonical(actual), canonical(expected)]
  if (one !== other) fail(`${what} is ${short(one)} and should be ${short(other)}`)
}

/** Exactly this draft, with a revision. */
export function expectModel(actual: StoredModel | undefined, draft: ModelDraft, what: string): void {
  const { revision, ...rest } = actual ?? fail(`${what} is missing`)
  expectRevision(revision, what)
  expectSame(rest, draft, what)
}

export function expectRevision(revision: unknown, what: string): void {
  strictEqual(typeof revision, 'string', `the revision of ${what} is a string`)
  match(String(revision), /./, `the revision of ${what} is not empty`)
}

/** The model, when the write was done. */
export function expectDone<R extends Refusal>(result: WriteResult<R>, what: string): StoredModel {
  if (!result.ok) fail(`${what} was refused as ${result.reason}`)
  return result.model
}

export function expectRefused<R extends Refusal>(result: WriteResult<R>, reason: R, what: string): void {
  expectSame(result, { ok: false, reason }, what)
}

export function expectBatchDone(result: BatchResult, what: string): readonly StoredModel[] {
  if (!result.ok) fail(`${what} was refused as ${result.reason} at ${result.index}`)
  return result.models
}

/** A promise that rejects; throwing at once is not the same. */
export async function expectRejection(call: () => unknown, what: string): Promise<void> {
  let answer: unknown
  try {
    answer = call()
  } catch (error) {
    fail(`${what} throws at once instead of rejecting: ${String(error)}`)
  }
  expectPromise(answer, what)
  try {
    answer = await answer
  } catch {
    // What is thrown is the adapter's affair.
    return
  }
  fail(`${what} resolves with ${short(canonical(answer))} and should reject`)
}

export function expectPromise(value: unknown, what: string): void {
  // Not `instanceof`, for the same reason of realms.
  const then: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'then') : undefined
  ok(typeof then === 'function', `${what} gives a promise`)
}

export async function expectIds(source: ModelSource, ids: readonly string[], what: string): Promise<void> {
  const models = await source.list()
  deepStrictEqual(
    Array.from(models, ({ id }) => id).join(', '),
    ids.join(', '),
    `${what}: the listed ids, in order`,
  )
}

/** The whole storage as text, for telling whether anything has changed. */
export async function contents(source: ModelSource): Promise<string> {
  return canonical(await source.list())
}

export function expectUnchanged(after: string, before: string, what: string): void {
  if (after !== before) fail(`${what} changed storage from ${short(before)} to ${short(after)}`)
}

/** Unlike JSON itself, tells `undefined` from `null` and from absent. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value)
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

function short(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text
}
