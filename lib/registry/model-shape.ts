import type { StoredModel } from '../adapters/adapter'
import type { Problem } from '../errors'
import { isJsonObject } from '../json'

/** What an adapter gave for one model, which may be anything: something whose deployment can be checked next, or why not. */
export type Shape =
  | { readonly model: StoredModel; readonly problem?: never }
  | {
      readonly problem: Problem
      /** What it is kept by where it has no id. */
      readonly key: string
      /** As status shows it. */
      readonly id: string | null
      readonly revision: string
    }

/** `asked` is its place in a list, or the id that the adapter was asked for. */
export function shapeOf(given: unknown, asked: number | string): Shape {
  const problem = problemOf(given, asked)
  if (problem === undefined) return { model: given as StoredModel }
  const { id, revision } = isJsonObject(given) ? given : {}
  const own = typeof asked === 'string' ? asked : typeof id === 'string' ? id : null
  // No id can look like this: none holds U+0000.
  const key = own ?? `\0${asked}`
  return { problem, key, id: own, revision: id === own && typeof revision === 'string' ? revision : '' }
}

function problemOf(given: unknown, asked: number | string): Problem | undefined {
  if (!isJsonObject(given)) {
    const msg = 'The adapter gives no model here: an object with id, revision, deployment and blocked'
    return { type: 'model_type', loc: typeof asked === 'number' ? [asked] : [], msg }
  }
  const { id, revision, blocked } = given
  if (typeof id !== 'string') return wrong('id', 'string_type', 'a text')
  if (typeof asked === 'string' && id !== asked) return wrong('id', 'value_error', 'the id it was asked for')
  if (typeof revision !== 'string') return wrong('revision', 'string_type', 'a text')
  return typeof blocked === 'boolean' ? undefined : wrong('blocked', 'bool_type', 'true or false')
}

function wrong(member: keyof StoredModel, type: string, wanted: string): Problem {
  return { type, loc: [member], msg: `The adapter should give ${wanted} here` }
}
