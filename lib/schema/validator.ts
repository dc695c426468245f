import type { Ajv2020 } from 'ajv/dist/2020'
import type { Problem } from '../errors'
import { notJson } from '../json'
import type { JsonObject } from '../json'
import { boundedItems } from './bounded-items'
import { coerce } from './coerce'
import { toProblem } from './problems'
import { schemas } from './schemas'
import type { SchemaName } from './schemas'

export type { SchemaName } from './schemas'

/** The value with typed fields coerced the way pydantic does, or what is wrong with it. */
export type Validated =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export type Validate = (value: unknown) => Validated

/** A check against one file of `schemas/`, compiled on first use. The input is not changed. */
export function validator(name: SchemaName): Validate {
  const validate = shapeValidator(name)
  return (value) => {
    const flaw = notJson(value, deepest)
    return flaw === undefined ? validate(value) : { ok: false, problems: [flaws[flaw]] }
  }
}

/** The same for what is known to be JSON and no deeper than the stack. */
export function shapeValidator(name: SchemaName): Validate {
  const known = validators.get(name) ?? made(name)
  validators.set(name, known)
  return known
}

/** Functions of constant files, as is the compiler below. */
const validators = new Map<SchemaName, Validate>()

function made(name: SchemaName): Validate {
  let compiled: ReturnType<Ajv2020['getSchema']>
  return (value) => {
    compiled ??= compilerOf().getSchema(`${name}.json`)
    if (compiled === undefined) throw new Error(`schemas/${name}.json is not registered`)
    const coerced = coerce(value, schemas[name])
    if (compiled(coerced) === true) return { ok: true, value: coerced as JsonObject }
    return { ok: false, problems: distinct((compiled.errors ?? []).map(toProblem)) }
  }
}

/**
 * Bodies and YAML are held to less where they are read. What other hands have written into a database, or an adapter has made of
 * it, is met here first: whoever looks into a value that is deeper may come to the end of the stack.
 */
const deepest = 200

const valueError = (msg: string): Problem => ({ type: 'value_error', loc: [], msg: `Value error, ${msg}` })

const flaws = {
  deep: valueError(`nested deeper than ${deepest} levels`),
  bigint: valueError('a BigInt is no JSON value'),
}

/** A shape that is put together from several says the same of a value several times. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

/** One more than an answer lists, so that it can say that there are more. Each takes as long to make as many values to check. */
const mostErrors = 51

/**
 * One compiler for the process: what it holds are functions of constant files, so that routers sharing it share no state.
 * ajv is loaded with it, since loading it takes longer than everything else a start does.
 */
let compiler: Ajv2020 | undefined

function compilerOf(): Ajv2020 {
  if (compiler !== undefined) return compiler
  const { Ajv2020: Compiler } = require('ajv/dist/2020') as typeof import('ajv/dist/2020')
  compiler = new Compiler({ allErrors: true, verbose: true, allowUnionTypes: true, strict: true })
  compiler.removeKeyword('items').addKeyword(boundedItems(mostErrors))
  for (const schema of Object.values(schemas)) compiler.addSchema(schema)
  return compiler
}
