import type { BrokenAdapter } from './flaw'
import { reading, retexting, revaluing, storing } from './flaw'

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const rekeyed = (change: (entries: [string, unknown][]) => [string, unknown][]) =>
  revaluing((value) => (isObject(value) ? Object.fromEntries(change(Object.entries(value))) : value))

export const brokenValues: readonly BrokenAdapter[] = [
  {
    does: 'takes null for absent',
    flaw: rekeyed((entries) => entries.filter(([, value]) => value !== null)),
  },
  {
    does: 'takes false for absent',
    flaw: rekeyed((entries) => entries.filter(([, value]) => value !== false)),
  },
  {
    does: 'takes zero for absent',
    flaw: rekeyed((entries) => entries.filter(([, value]) => value !== 0)),
  },
  { does: 'takes an empty text for null', flaw: retexting((text) => (text === '' ? null : text)) },
  {
    does: 'stores booleans as integers',
    flaw: revaluing((value) => (typeof value === 'boolean' ? Number(value) : value)),
  },
  {
    does: 'stores prices with six digits',
    flaw: revaluing((value) => (typeof value === 'number' ? Number(value.toFixed(6)) : value)),
  },
  {
    does: 'stores integers of 32 bits',
    flaw: revaluing((value) => (Number.isInteger(value) ? Number(value) | 0 : value)),
  },
  {
    does: 'stores numbers without a sign',
    flaw: revaluing((value) => (typeof value === 'number' ? Math.abs(value) : value)),
  },
  { does: 'trims texts', flaw: retexting((text) => text.trim()) },
  {
    does: 'takes texts that look like numbers for numbers',
    flaw: retexting((text) => (/^[\d.+-][\d.e_:x]*$/.test(text) ? Number(text) : text)),
  },
  {
    does: 'takes on and off for booleans',
    flaw: retexting((text) => (/^(on|yes|y|true)$/i.test(text) ? true : text)),
  },
  {
    does: 'takes a tilde for null',
    flaw: retexting((text) => (/^(~|null)$/i.test(text) ? null : text)),
  },
  {
    does: 'takes texts that look like dates for dates',
    flaw: retexting((text) => (/^\d{4}-\d\d-\d\d/.test(text) ? new Date(text).toJSON() : text)),
  },
  { does: 'cuts comments off texts', flaw: retexting((text) => text.replace(/(^| )#.*/, '')) },
  {
    does: 'parses texts that look like JSON',
    flaw: retexting((text) => (/^["[{\d]/.test(text) ? parsed(text) : text)),
  },
  {
    does: 'resolves references',
    flaw: retexting((text) => text.replace(/^os\.environ\/(\w+)$/, 'resolved $1')),
  },
  { does: 'doubles quotes', flaw: retexting((text) => text.replaceAll("'", "''")) },
  {
    does: 'stores line breaks its own way',
    flaw: retexting((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    does: 'drops control characters',
    flaw: retexting((text) => text.replaceAll(/[^\P{Cc}\s\u007f-\u009f]/gu, '')),
  },
  {
    does: 'stores Latin-1',
    flaw: retexting((text) => Buffer.from(text, 'latin1').toString('latin1')),
  },
  { does: 'composes letters', flaw: retexting((text) => text.normalize('NFC')) },
  {
    does: 'stores characters of 16 bits only',
    flaw: retexting((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  { does: 'cuts long texts', flaw: retexting((text) => text.slice(0, 65_535)) },
  {
    does: 'cuts long lists',
    flaw: revaluing((value) => (Array.isArray(value) ? value.slice(0, 255) : value)),
  },
  {
    does: 'takes an empty list for absent',
    flaw: rekeyed((entries) => entries.filter(([, value]) => !(Array.isArray(value) && value.length === 0))),
  },
  {
    does: 'takes an empty object for null',
    flaw: revaluing((value) => (isObject(value) && Object.keys(value).length === 0 ? null : value)),
  },
  {
    does: 'makes lists of one type',
    flaw: revaluing((value) => (Array.isArray(value) && value.some(isText) ? value.map(String) : value)),
  },
  {
    does: 'flattens what is deep',
    flaw: storing((draft) => ({ ...draft, deployment: flattened(draft.deployment, 20) as never })),
  },
  {
    does: 'takes keys that look like integers for places in a list',
    flaw: rekeyed((entries) => (entries.some(([key]) => key === '10') ? [] : entries)),
  },
  { does: 'drops empty keys', flaw: rekeyed((entries) => entries.filter(([key]) => key !== '')) },
  {
    does: 'takes dots in keys for paths',
    flaw: rekeyed((entries) => entries.map(([key, value]) => [key.replaceAll('.', '_'), value])),
  },
  {
    does: 'makes keys of plain letters',
    flaw: rekeyed((entries) => entries.filter(([key]) => Buffer.byteLength(key) === key.length)),
  },
  {
    does: 'copies objects member by member',
    flaw: revaluing((value) => (isObject(value) ? assigned(value) : value)),
  },
  {
    does: 'takes keys for the same whatever their case',
    flaw: rekeyed((entries) => entries.map(([key, value]) => [key.toLowerCase(), value])),
  },
  {
    does: 'keeps only keys that it knows',
    flaw: rekeyed((entries) => entries.filter(([key]) => key !== 'extra_headers')),
  },
  {
    does: 'keeps a true no longer than it must',
    flaw: revaluing((value) => (value === true ? 'true' : value)),
  },
  {
    does: 'sorts keys',
    flaw: rekeyed((entries) => entries.sort(([one], [other]) => (one < other ? -1 : 1))),
  },
  { does: 'forgets blocked', flaw: storing((draft) => ({ ...draft, blocked: false })) },
  {
    does: 'writes names its own way',
    flaw: storing((draft) => ({ ...draft, createdBy: draft.createdBy?.toLowerCase() ?? null })),
  },
  {
    does: 'writes a name where nobody is named',
    flaw: reading((model) => ({ ...model, updatedBy: model.updatedBy ?? 'unknown' })),
  },
  {
    does: 'takes ids for the same whatever their case',
    flaw: (good) => ({
      create: (draft) => good.create({ ...draft, id: draft.id.toLowerCase() }),
      get: (id) => good.get(id.toLowerCase()),
      delete: (id, condition) => good.delete(id.toLowerCase(), condition),
    }),
  },
]

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function flattened(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '…'
  if (Array.isArray(value)) return value.map((member) => flattened(member, depth - 1))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, flattened(member, depth - 1)]))
}

function assigned(value: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) copy[key] = member
  return copy
}
