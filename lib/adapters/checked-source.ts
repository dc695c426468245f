import { ModelManagementError } from '../errors'
import { isJsonObject } from '../json'
import type { ModelAdapter, ModelSource, Refusal } from './adapter'

/**
 * An adapter as it may be called: whatever it does, each method answers with a promise. Where an answer does not
 * have the form that the contract gives it, the call rejects and says so; it is never taken for an empty store or a refusal.
 * Single models are looked at later, so that an odd one keeps no other from being read.
 */
export function checkedSource<T extends ModelSource>(source: T): T {
  const facts = {
    get name() {
      return source.name
    },
    get durable() {
      return source.durable
    },
    get file() {
      return source.file
    },
  }
  // What the adapter cannot do is absent here too. It may be a class, so each is called on the adapter.
  const adapter = source as unknown as Readonly<Record<string, Call | undefined>>
  const calls = Object.entries(answers)
    .filter(([method]) => typeof adapter[method] === 'function')
    .map(([method, { isRight, wanted }]) => {
      const call: Call = async (...given) => {
        const answer = await adapter[method]?.(...given)
        if (!isRight(answer, given[0])) throw broken(source.name, method, wanted)
        // Many a driver says null for what is not there.
        return method === 'get' ? (answer ?? undefined) : answer
      }
      return [method, call] as const
    })
  return Object.assign(facts, Object.fromEntries(calls)) as unknown as T
}

type Call = (...given: readonly unknown[]) => unknown

interface Answer {
  readonly isRight: (answer: unknown, given: unknown) => boolean
  readonly wanted: string
}

const anything: Answer = { isRight: () => true, wanted: '' }

/** What each method may answer. */
const answers: Readonly<Record<Exclude<keyof ModelAdapter, 'name' | 'durable' | 'file'>, Answer>> = {
  init: anything,
  close: anything,
  ping: anything,
  batch: anything,
  watch: anything,
  writeSettings: anything,
  // What is odd of one model is set aside with the reason.
  get: anything,
  list: { isRight: Array.isArray, wanted: 'an array of models' },
  revisions: { isRight: Array.isArray, wanted: 'an array of ids and revisions' },
  version: { isRight: (answer) => typeof answer === 'string', wanted: 'a text' },
  readSettings: {
    isRight: (answer) => answer === null || answer === undefined || isJsonObject(answer),
    wanted: 'an object or null',
  },
  create: written('model', 'exists'),
  update: written('model', 'missing', 'stale'),
  delete: written('nothing', 'missing', 'stale'),
}

/** `shows` is what is made use of when it was done. */
function written(shows: 'model' | 'nothing', ...reasons: readonly Refusal[]): Answer {
  const refusal = reasons.map((reason) => `'${reason}'`).join(' or ')
  return {
    isRight(answer, draft) {
      if (!isJsonObject(answer)) return false
      const { ok, reason, model } = answer
      if (ok !== true) return ok === false && reasons.some((one) => one === reason)
      return shows === 'nothing' || (isJsonObject(model) && isOf(model, draft))
    },
    wanted: `{ ok: true, model }, the model being the one that was written, or { ok: false, reason: ${refusal} }`,
  }
}

function isOf(model: Readonly<Record<string, unknown>>, draft: unknown): boolean {
  return model['id'] === (draft as { readonly id: string }).id && typeof model['revision'] === 'string'
}

function broken(name: string, method: string, wanted: string): ModelManagementError {
  const message = `Adapter '${name}' breaks its contract: ${method}() has to give ${wanted}. registerConformance of express-model-management/testing tells what else an adapter has to do.`
  return new ModelManagementError('storage_unavailable', message)
}
