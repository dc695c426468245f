import type { Place, Scalar } from './tree'

/** The value without its place. */
export type Value = Scalar extends infer S ? (S extends Scalar ? Omit<S, keyof Place> : never) : never

/** YAML 1.1 as PyYAML resolves it, in PyYAML's order. `undefined` from `read` is what Python raises an exception for. */
interface Rule {
  readonly tag: string
  readonly pattern: RegExp
  readonly read: (text: string) => Value | undefined
}

const rules: readonly Rule[] = [
  {
    tag: 'bool',
    pattern: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    read: bool,
  },
  {
    tag: 'float',
    // A dot is a must, and so is the sign of an exponent: `1e-7` and `1.5e3` are strings.
    pattern:
      /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    read: float,
  },
  {
    tag: 'int',
    pattern:
      /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
    read: int,
  },
  { tag: 'null', pattern: /^(?:~|null|Null|NULL|)$/, read: () => ({ kind: 'null' }) },
  {
    tag: 'timestamp',
    pattern:
      /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/,
    read: timestamp,
  },
]

/** How a text begins that some rule may match: most texts begin in no such way, and no rule needs to be tried. */
const mayBeOther = /^(?:[-+.~0-9nNtTfFyYoO]|$)/

/** What an untagged plain scalar is. */
export function resolvePlain(text: string): Value | undefined {
  if (!mayBeOther.test(text)) return { kind: 'string', value: text }
  const rule = rules.find(({ pattern }) => pattern.test(text))
  return rule === undefined ? { kind: 'string', value: text } : rule.read(text)
}

/** What a scalar with a tag is; `undefined` when the tag is unknown or the text does not fit it. */
export function resolveTagged(tag: string, text: string): Value | undefined {
  if (tag === 'str') return { kind: 'string', value: text }
  return rules.find((rule) => rule.tag === tag)?.read(text)
}

function bool(text: string): Value | undefined {
  const word = text.toLowerCase()
  if (['yes', 'true', 'on'].includes(word)) return { kind: 'bool', value: true }
  return ['no', 'false', 'off'].includes(word) ? { kind: 'bool', value: false } : undefined
}

function int(text: string): Value | undefined {
  const { sign, digits } = signed(text.replaceAll('_', ''))
  // Python's own limit, which also bounds the work.
  if (digits.length > 4300) return undefined
  const magnitude = /^0[0-9]/.test(digits) ? octal(digits) : sexagesimal(digits)
  if (magnitude === undefined) return undefined
  return { kind: 'int', digits: (sign < 0 ? -magnitude : magnitude).toString() }
}

function octal(digits: string): bigint | undefined {
  return /^[0-7]+$/.test(digits) ? BigInt(`0o${digits}`) : undefined
}

function sexagesimal(digits: string): bigint | undefined {
  if (/^0b[01]+$|^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits)
  const parts = digits.split(':')
  if (!parts.every((part) => /^[0-9]+$/.test(part))) return undefined
  return parts.reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

function float(text: string): Value | undefined {
  const { sign, digits } = signed(text.replaceAll('_', '').toLowerCase())
  const magnitude = floatMagnitude(digits)
  return magnitude === undefined ? undefined : { kind: 'float', value: sign * magnitude }
}

function floatMagnitude(digits: string): number | undefined {
  if (digits === '.inf' || digits === 'inf') return Infinity
  if (digits === '.nan' || digits === 'nan') return NaN
  const parts = digits.split(':')
  if (!parts.every((part) => /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(part)))
    return undefined
  // From the right, as PyYAML adds them up: floating sums depend on the order.
  return parts.map(Number).reduceRight((sum, part, index) => sum + part * 60 ** (parts.length - 1 - index), 0)
}

function signed(text: string): { sign: number; digits: string } {
  return { sign: text.startsWith('-') ? -1 : 1, digits: text.replace(/^[-+]/, '') }
}

const moment =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d*))?(?:[ \t]*(?:Z|([-+])(\d{1,2})(?::(\d{2}))?))?)?$/

function timestamp(text: string): Value | undefined {
  const match = moment.exec(text)
  if (match === null) return undefined
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour,
    minute,
    second,
    fraction = '',
    zoneSign,
    zoneHour,
    zoneMinute,
  ] = match
  if (!isDay(Number(year), Number(month), Number(day))) return undefined
  const date = [year, two(month), two(day)].join('-')
  const numbers = [year, month, day].map(Number)
  if (hour === undefined) {
    return { kind: 'date', text: date, repr: `datetime.date(${numbers.join(', ')})`, name: 'datetime.date' }
  }
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  const time = [hour, minute, second].map(Number)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const zone = zoneOf(text, zoneSign, zoneHour, zoneMinute)
  if (zone === undefined) return undefined
  const parts = [...numbers, ...time, micros]
  // Python leaves out microseconds of zero, and then seconds of zero.
  const shown = parts.slice(0, micros !== 0 ? 7 : time[2] !== 0 ? 6 : 5)
  const clock = time.map((part) => two(String(part))).join(':')
  return {
    kind: 'date',
    text: `${date} ${clock}${micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`}${zone.text}`,
    repr: `datetime.datetime(${shown.join(', ')}${zone.repr === '' ? '' : `, tzinfo=${zone.repr}`})`,
    name: 'datetime.datetime',
  }
}

function zoneOf(text: string, sign: string | undefined, hours = '0', minutes = '0') {
  const utc = 'datetime.timezone.utc'
  if (sign === undefined) return text.endsWith('Z') ? { text: '+00:00', repr: utc } : { text: '', repr: '' }
  const total = Number(hours) * 3600 + Number(minutes) * 60
  if (total >= 86_400) return undefined
  if (total === 0) return { text: '+00:00', repr: utc }
  const delta = sign === '-' ? `days=-1, seconds=${86_400 - total}` : `seconds=${total}`
  return {
    text: `${sign}${two(String(Math.floor(total / 3600)))}:${two(String(Math.floor(total / 60) % 60))}`,
    repr: `datetime.timezone(datetime.timedelta(${delta}))`,
  }
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function two(digits: string): string {
  return digits.padStart(2, '0')
}
