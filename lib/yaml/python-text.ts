import type { JsonValue } from '../json'
import type { Scalar, Tree } from './tree'

/** Python's `str()`. */
export function str(tree: Tree): string {
  if (tree.kind === 'string') return tree.value
  return tree.kind === 'date' ? tree.text : repr(tree)
}

/** Python's `repr()`: what `str()` of a list shows of its items. */
export function repr(tree: Tree): string {
  switch (tree.kind) {
    case 'null':
      return 'None'
    case 'bool':
      return tree.value ? 'True' : 'False'
    case 'int':
      return tree.digits
    case 'float':
      return floatRepr(tree.value)
    case 'date':
      return tree.repr
    case 'string':
      return stringRepr(tree.value)
    case 'list':
      return `[${tree.items.map(repr).join(', ')}]`
  }
  return `{${members(tree, (key, value) => `${repr(key)}: ${repr(value)}`)}}`
}

/** `json.dumps()` with its defaults; dates become `module.Name`, as LiteLLM's fallback writes them. */
export function jsonDumps(tree: Tree): string {
  switch (tree.kind) {
    case 'null':
      return 'null'
    case 'bool':
      return String(tree.value)
    case 'int':
      return tree.digits
    case 'float':
      return Number.isFinite(tree.value) ? floatRepr(tree.value) : nonFinite(tree.value, 'Infinity', 'NaN')
    case 'date':
      return `"${tree.name}"`
    case 'string':
      return asciiJson(tree.value)
    case 'list':
      return `[${tree.items.map(jsonDumps).join(', ')}]`
  }
  return `{${members(tree, (key, value) => `${jsonKey(key)}: ${jsonDumps(value)}`)}}`
}

/** Python writes the exponent below 1e-4 and from 1e16 on, with two digits at least, and `.0` after a whole number. */
export function floatRepr(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value, 'inf', 'nan')
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = ''] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 ? '-' : ''
  const digits = mantissa.replace('.', '')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

function nonFinite(value: number, infinity: string, notANumber: string): string {
  if (Number.isNaN(value)) return notANumber
  return value < 0 ? `-${infinity}` : infinity
}

const namedEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  // Python shows what `str.isprintable` allows; of the separators that is the space alone.
  const body = text.replace(/[\\\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character
    return namedEscapes[character] ?? codeEscape(character.codePointAt(0) ?? 0)
  })
  return quote + body.replaceAll(quote, `\\${quote}`) + quote
}

function codeEscape(code: number): string {
  const digits = code.toString(16)
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function jsonKey(key: Scalar): string {
  return key.kind === 'string' || key.kind === 'date' ? asciiJson(str(key)) : `"${jsonDumps(key)}"`
}

function members(tree: Tree & { kind: 'map' }, write: (key: Scalar, value: Tree) => string): string {
  return Array.from(tree.entries.values(), ({ key, value }) => write(key, value)).join(', ')
}

/**
 * Ordinary JSON. Dates, and numbers that JSON cannot hold, become Python's text of them; whole numbers beyond 2^53 lose
 * digits as they do in `JSON.parse`.
 */
export function plain(tree: Tree): JsonValue {
  switch (tree.kind) {
    case 'null':
      return null
    case 'bool':
    case 'string':
      return tree.value
    case 'int':
    case 'float': {
      const number = tree.kind === 'int' ? Number(tree.digits) : tree.value
      return Number.isFinite(number) ? number : str(tree)
    }
    case 'date':
      return tree.text
    case 'list':
      return tree.items.map(plain)
  }
  return Object.fromEntries(Array.from(tree.entries.values(), ({ key, value }) => [str(key), plain(value)]))
}
