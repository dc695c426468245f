import { ok } from 'node:assert'
import { batchCases } from './cases/batches'
import { copyCases } from './cases/copies'
import { durabilityCases } from './cases/durability'
import { harnessCases } from './cases/harness'
import { lifecycleCases } from './cases/lifecycle'
import { listedRevisionCases } from './cases/listed-revisions'
import { orderCases } from './cases/order'
import { outageCases } from './cases/outages'
import { peerCases } from './cases/peers'
import { raceCases } from './cases/races'
import { refusalCases } from './cases/refusals'
import { revisionCases } from './cases/revisions'
import { settingsCases } from './cases/settings'
import { valueCases } from './cases/values'
import { versionCases } from './cases/versions'
import { watchCases } from './cases/watching'
import { writeCases } from './cases/writes'
import { optionalMethods, type ConformanceOptions, type OptionalMethod } from './options'
import { inScope, type Case, type Need } from './scope'

/** One thing that must hold, ready to be run by any test runner, or by none. */
export interface ConformanceCase {
  readonly name: string
  /** Why it does not apply here; absent when it does. */
  readonly skip?: string
  /** Rejects when it does not hold. Leaves nothing open either way. */
  readonly run: () => Promise<void>
}

/** What jest, vitest and node:test have in common. A runner without `skip` is not told of skipped cases. */
export interface TestFunction {
  (name: string, run: () => Promise<void>): unknown
  readonly skip?: (name: string, run: () => Promise<void>) => unknown
}

const cases: readonly Case[] = [
  // First, since the others mean nothing while these fail.
  ...harnessCases,
  ...valueCases,
  ...copyCases,
  ...orderCases,
  ...writeCases,
  ...refusalCases,
  ...revisionCases,
  ...raceCases,
  ...batchCases,
  ...watchCases,
  ...settingsCases,
  ...versionCases,
  ...listedRevisionCases,
  ...lifecycleCases,
  ...peerCases,
  ...durabilityCases,
  ...outageCases,
]

/** Everything the contract asks of an adapter, as a list. */
export function conformanceCases(options: ConformanceOptions): readonly ConformanceCase[] {
  assertUsable(options)
  return cases.map(({ name, needs = [], check }) => {
    const missing = needs.find((need) => isMissing(need, options))
    const run = () => inScope(options, check)
    return missing === undefined ? { name, run } : { name, skip: reasons[missing], run }
  })
}

/** Registers every case with the test function of jest, vitest or node:test. */
export function registerConformance(test: TestFunction, options: ConformanceOptions): void {
  for (const { name, skip, run } of conformanceCases(options)) {
    // No parameter: jest would take a declared one for its `done`, node:test and vitest pass a context.
    if (skip === undefined) test(name, () => run())
    else test.skip?.(`${name} (skipped: ${skip})`, () => run())
  }
}

const known: ReadonlySet<string> = new Set(['create', 'peer', 'reopen', 'outage', 'absent', 'waitMs'])
const longestMs = 2 ** 31 - 1

/** What would make every case fail for the same reason is told at once. */
function assertUsable(options: ConformanceOptions): void {
  const given: Partial<ConformanceOptions> = Object(options)
  ok(typeof given.create === 'function', 'conformance options need create: () => adapter')
  for (const name of Object.keys(given))
    ok(known.has(name), `there is no conformance option '${name}'; known are ${[...known].join(', ')}`)
  for (const name of ['peer', 'reopen', 'outage'] as const)
    ok(
      ['function', 'undefined'].includes(typeof given[name]),
      `conformance option '${name}' must be a function`,
    )
  const { absent = [], waitMs = 1 } = given
  const isKnown = (one: OptionalMethod): boolean => optionalMethods.includes(one)
  ok(
    Array.isArray(absent) && absent.every(isKnown),
    `conformance option 'absent' must be a list of ${optionalMethods.join(', ')}`,
  )
  ok(
    Number.isInteger(waitMs) && waitMs > 0 && waitMs <= longestMs,
    `conformance option 'waitMs' must be a whole number of milliseconds from 1 to ${longestMs}`,
  )
}

function isMissing(need: Need, options: ConformanceOptions): boolean {
  if (need === 'peer' || need === 'reopen' || need === 'outage') return options[need] === undefined
  return options.absent?.includes(need) ?? false
}

const reasons: Readonly<Record<Need, string>> = {
  peer: 'the options have no peer()',
  reopen: 'the options have no reopen()',
  outage: 'the options have no outage()',
  init: 'the adapter has no init()',
  close: 'the adapter has no close()',
  ping: 'the adapter has no ping()',
  watch: 'the adapter has no watch()',
  batch: 'the adapter has no batch()',
  readSettings: 'the adapter has no readSettings()',
  writeSettings: 'the adapter has no writeSettings()',
  version: 'the adapter has no version()',
  revisions: 'the adapter has no revisions()',
}
