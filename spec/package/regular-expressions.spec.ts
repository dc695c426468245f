import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'
import { attackStrings } from '../support/attack-strings'

const lib = join(__dirname, '../../lib')

interface Expression {
  readonly where: string
  readonly source: string
  readonly flags: string
}

const length = 6_000
/** Of CPU time. What is quadratic takes some ten times as long at this length, what is linear a hundredth. */
const mostMs = 8

/** Every regular expression of `lib/` meets texts of callers or of files, however it is meant. */
it.each([...literals(), ...constructed()].map((one) => [one.where, one.source.slice(0, 60), one] as const))(
  '%s: %s takes linear time',
  (_where, _source, { source, flags }) => {
    const expression = new RegExp(source, flags.includes('g') ? flags : `${flags}g`)
    const slow = [...attackStrings(source, length)].find((text) => {
      // The best of some: the machine may be busy.
      for (let run = 0; run < 4; run++) if (cpuMs(() => text.replace(expression, '')) < mostMs) return false
      return true
    })
    expect(slow?.slice(0, 40)).toBeUndefined()
  },
)

it.each([
  ['(?:s3\\w*bucket)$', ''],
  ['\\d+$', ''],
  ['[a-z][a-z\\d+.-]*$', 'i'],
  ['^(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[-+]?[0-9]+)?$', ''],
  [': .*|\\s*"[^"]*"', ''],
  ['\\.+$', ''],
  ['(a+)+$', ''],
])('finds that /%s/ does not', (source, flags) => {
  const expression = new RegExp(source, `${flags}g`)
  const isSlow = (text: string): boolean => cpuMs(() => text.replace(expression, '')) >= mostMs
  expect([...attackStrings(source, source.includes('+)+') ? 24 : length)].some(isSlow)).toBe(true)
})

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
}

function literals(): readonly Expression[] {
  return files(lib).flatMap((file) => {
    const found: Expression[] = []
    collect(parseSync(readFileSync(join(lib, file), 'utf8'), { syntax: 'typescript' }).body, file, found)
    return found
  })
}

function collect(node: unknown, where: string, found: Expression[]): void {
  if (typeof node !== 'object' || node === null) return
  const { type, pattern, flags } = node as Record<string, unknown>
  if (type === 'RegExpLiteral') found.push({ where, source: String(pattern), flags: String(flags) })
  for (const member of Object.values(node)) collect(member, where, found)
}

/** What `new RegExp(…)` makes while the package is loaded. */
function constructed(): readonly Expression[] {
  const found: Expression[] = []
  const original = globalThis.RegExp
  globalThis.RegExp = new Proxy(original, {
    construct(target, [source, flags = '']: [string, string?]) {
      const caller = /lib\/([\w/-]+\.ts)/.exec(new Error('where').stack ?? '')?.[1]
      if (caller !== undefined) found.push({ where: caller, source, flags })
      return new target(source, flags)
    },
  })
  try {
    jest.isolateModules(() => require('../../lib/index'))
  } finally {
    globalThis.RegExp = original
  }
  return found
}
