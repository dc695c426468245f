import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { costMapKeeper } from '../../lib/model-info/cost-map-keeper'
import { resolveOptions } from '../../lib/options'
import { hostRegistryOf } from '../../lib/registry/host-registry'
import type { ModelRegistry } from '../../lib/registry/host-registry'
import { registryOf } from '../../lib/registry/registry'
import type { Registry } from '../../lib/registry/registry'
import { scopeOf } from '../../lib/registry/visibility'
import { median } from './compare'
import { draftAt, draftsUpTo, idAt, masterKey, nameAt } from './rows'
import { adapterOn, stock } from './storage'
import type { Storage } from './storage'

export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
}

/** Where a probe may keep things. */
export interface Place {
  readonly folder: string
  readonly postgres: string
  /** Shortens what is repeated; 1 for figures to go by. */
  readonly share: number
}

export interface Probe {
  readonly name: string
  readonly needs?: 'postgres'
  run(place: Place): Promise<readonly Measurement[]>
}

export const probes: readonly Probe[] = [
  { name: 'resolve', run: resolving },
  { name: 'write', run: writing },
  { name: 'ready: sqlite', run: (place) => starting(place, 'sqlite', 10_000, 1) },
  { name: 'ready: sqlite, large', run: (place) => starting(place, 'sqlite', 100_000, 8) },
  {
    name: 'ready: postgres',
    needs: 'postgres',
    run: (place) => starting(place, 'postgres', 10_000, 1.5),
  },
  { name: 'memory', run: memory },
  { name: 'idle', run: idling },
  { name: 'require', run: requiring },
]

interface Opened {
  readonly registry: Registry
  readonly host: ModelRegistry
  close(): Promise<void>
}

async function openOn(adapter: ModelAdapter): Promise<Opened> {
  const options = resolveOptions({ adapter, auth: { masterKey }, env: {}, refreshMs: 3_600_000 })
  const { env, logger } = options
  const costMap = costMapKeeper({ env, logger })
  const registry = registryOf({
    options,
    source: adapter,
    config: undefined,
    costMap,
    environment: () => undefined,
  })
  await registry.ready()
  return { registry, host: hostRegistryOf(registry, options.limits), close: registry.close }
}

async function openWith(rows: number, storage: Storage = { kind: 'memory' }): Promise<Opened> {
  const adapter = adapterOn(storage)
  await stock(adapter, draftsUpTo(rows))
  return openOn(adapter)
}

async function resolving({ share }: Place): Promise<readonly Measurement[]> {
  const few = await openWith(10)
  const many = await openWith(100_000)
  const rate = ({ host }: Opened, rows: number): number => {
    const asked = Array.from({ length: 1000 }, (_, at) => nameAt((at * 7919) % rows))
    const times = Math.ceil(1000 * share)
    let found = 0
    const began = performance.now()
    for (let time = 0; time < times; time++) for (const name of asked) found += host.resolve(name).length
    if (found !== times * asked.length) throw new Error('something was not found')
    return found / ((performance.now() - began) / 1000) / 1e6
  }
  const rounds = Array.from({ length: 7 }, () => ({ few: rate(few, 10), many: rate(many, 100_000) }))
  await Promise.all([few.close(), many.close()])
  const large = median(rounds.map((round) => round.many))
  return [
    { name: 'resolve() at 10 rows', value: median(rounds.map((round) => round.few)), unit: 'million/s' },
    { name: 'resolve() at 100,000 rows', value: large, unit: 'million/s', atLeast: 3 },
  ]
}

/** One write and the list of somebody who does not see the row, at ten rows and at ten thousand. */
async function writing({ share, folder }: Place): Promise<readonly Measurement[]> {
  const caller = { userId: 'other', role: 'internal_user', models: [nameAt(0), nameAt(1)] } as const
  const host = { userId: 'host', role: 'proxy_admin' } as const
  const scope = scopeOf(caller)
  const step = async ({ registry }: Opened, turn: number): Promise<number> => {
    const began = performance.now()
    await registry.writes.update(idAt(5), { litellm_params: { rpm: turn + 1 } }, { caller: host })
    await registry.reads.models(scope)
    return (performance.now() - began) * 1000
  }
  const measured = async (kind: 'memory' | 'sqlite'): Promise<readonly Measurement[]> => {
    const at = (rows: number): Storage =>
      kind === 'memory' ? { kind } : { kind, file: join(folder, `write-${rows}.db`) }
    const few = await openWith(10, at(10))
    const many = await openWith(10_000, at(10_000))
    const rounds: { readonly few: number; readonly many: number }[] = []
    for (let turn = 0; turn < Math.ceil(2000 * share); turn++)
      rounds.push({ few: await step(few, turn), many: await step(many, turn) })
    await Promise.all([few.close(), many.close()])
    const settled = rounds.slice(rounds.length >> 2)
    const small = median(settled.map((round) => round.few))
    const large = median(settled.map((round) => round.many))
    return [
      { name: `a write and a list, ${kind}, 10 rows`, value: small, unit: 'µs' },
      { name: `a write and a list, ${kind}, 10,000 rows`, value: large, unit: 'µs' },
      { name: `the same as a ratio, ${kind}`, value: large / small, unit: '', atMost: 1.5 },
    ]
  }
  return [...(await measured('memory')), ...(await measured('sqlite'))]
}

async function starting(
  { folder, postgres, share }: Place,
  kind: 'sqlite' | 'postgres',
  rows: number,
  atMost: number,
): Promise<readonly Measurement[]> {
  const count = Math.ceil(rows * share)
  const storage: Storage =
    kind === 'sqlite' ? { kind, file: join(folder, `ready-${rows}.db`) } : { kind, url: postgres }
  const stocked = adapterOn(storage)
  await stock(stocked, draftsUpTo(count))
  await stocked.close()

  const began = performance.now()
  const { registry, host, close } = await openOn(adapterOn(storage))
  const seconds = (performance.now() - began) / 1000
  const what = `${rows.toLocaleString('en')} rows, ${kind}`
  await registry.reads.models(scopeOf({ userId: 'host', role: 'proxy_admin' }))
  const idle = await stallOf(host.reload)
  const other = adapterOn(storage)
  const foreign = await stallOf(async () => {
    await other.update({ ...draftAt(5), updatedBy: 'another process' })
    await host.reload()
  })
  await Promise.all([other.close(), close()])
  return [
    { name: `ready with ${what}`, value: seconds, unit: 's', atMost },
    { name: `longest stall of a timer's read, ${what}`, value: idle, unit: 'ms', atMost: 50 },
    { name: `the same after another process wrote, ${what}`, value: foreign, unit: 'ms', atMost: 50 },
  ]
}

/** The longest time the event loop stood still meanwhile. */
async function stallOf(work: () => Promise<unknown>): Promise<number> {
  await pause(50)
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  // It compares a moment with the one before, so that one has to have been.
  await pause(20)
  await work()
  await pause(20)
  delay.disable()
  return delay.max / 1e6
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** All that is held after every list was asked for, over what is held with no row. */
async function memory({ share }: Place): Promise<readonly Measurement[]> {
  const rows = Math.ceil(10_000 * share)
  const held = (): number => {
    for (let time = 0; time < 4; time++) global.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const admin = scopeOf({ userId: 'host', role: 'proxy_admin' })
  const ask = async ({ registry }: Opened): Promise<void> => {
    await registry.reads.models(admin)
    await registry.reads.names(admin, {})
    await registry.reads.groups(admin)
  }
  const empty = await openWith(1)
  await ask(empty)
  await pause(100)
  const before = held()
  const full = await openWith(rows)
  await ask(full)
  await pause(100)
  const kilobytes = (held() - before) / rows / 1024
  await Promise.all([empty.close(), full.close()])
  return [{ name: 'memory a row, 10,000 rows', value: kilobytes, unit: 'KB', atMost: 8 }]
}

/** Ten thousand reads that find what was there before. */
async function idling({ share, folder }: Place): Promise<readonly Measurement[]> {
  const { registry, host, close } = await openWith(100, { kind: 'sqlite', file: join(folder, 'idle.db') })
  const admin = scopeOf({ userId: 'host', role: 'proxy_admin' })
  const list = await registry.reads.models(admin)
  const cycles = Math.ceil(10_000 * share)
  const run = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await host.reload()
  }
  const held = (): number => {
    for (let time = 0; time < 4; time++) global.gc?.()
    return process.memoryUsage().heapUsed
  }
  // What the engine learns of code that runs for the first time is not growth.
  await run(cycles)
  const before = held()
  const { user, system } = process.cpuUsage()
  await run(cycles)
  const spent = process.cpuUsage({ user, system })
  const grown = (held() - before) / 1024
  const same = (await registry.reads.models(admin)) === list
  await close()
  return [
    { name: 'growth of 10,000 idle cycles', value: Math.max(0, grown), unit: 'KB', atMost: 256 },
    { name: 'an idle cycle', value: (spent.user + spent.system) / cycles, unit: 'µs' },
    { name: 'lists built anew by idle cycles', value: same ? 0 : 1, unit: '', atMost: 0 },
  ]
}

/** On top of what `require('express')` costs, as published: the build's files. */
async function requiring({ share }: Place): Promise<readonly Measurement[]> {
  const root = join(__dirname, '../..')
  const program = `
    require('express')
    const began = performance.now()
    require('./dist/index.js')
    process.stdout.write(String(performance.now() - began))`
  const once = (): number => Number(execFileSync(process.execPath, ['-e', program], { cwd: root }))
  const times = Array.from({ length: Math.ceil(11 * share) }, once)
  return [{ name: 'require(), beyond express', value: median(times), unit: 'ms', atMost: 60 }]
}
