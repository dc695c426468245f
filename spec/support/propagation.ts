import { performance } from 'node:perf_hooks'
import { allReady, eventually, startInstances, stopInstances, type Instance } from './instances'

export interface PropagationOptions {
  /** A Postgres database. */
  readonly url: string
  readonly schema: string
  readonly writes: number
  /** False: the others find changes by their timer alone. */
  readonly push: boolean
  readonly refreshMs: number
}

export interface Propagation {
  /** Milliseconds from a 2xx on one process to the changed list on the last of the other two, least first. */
  readonly times: readonly number[]
  /** How often all three asked storage for a row, for each write: the other two do, the writer knows its own note. */
  readonly readsPerWrite: number
}

/** Three processes on one Postgres, each writing in its turn, with nothing else to do. */
export async function propagation({
  url,
  schema,
  writes,
  push,
  refreshMs,
}: PropagationOptions): Promise<Propagation> {
  const store = { kind: 'postgres', options: { url, schema } } as const
  const instances = await startInstances(3, { store, push, refreshMs })
  try {
    await allReady(instances)
    const times: number[] = []
    // The first one is not counted: with their first model the processes read the cost map.
    for (let at = -1; at < writes; at += 1) {
      const id = `model-${at}`
      const writer = instances[Math.max(at, 0) % 3]!
      const body = { model_name: id, litellm_params: { model: 'openai/gpt-4o' }, model_info: { id } }
      await writer.json('/model/new', body)
      const acknowledged = performance.now()
      const others = instances.filter((instance) => instance !== writer)
      await Promise.all(others.map((instance) => listed(instance, id, refreshMs * 3 + 5000)))
      if (at >= 0) times.push(performance.now() - acknowledged)
    }
    const gets = await Promise.all(
      instances.map((instance) => instance.json('/counts') as Promise<{ get: number }>),
    )
    const total = gets.reduce((sum, { get }) => sum + get, 0)
    return { times: times.toSorted((one, other) => one - other), readsPerWrite: total / (writes + 1) }
  } finally {
    await stopInstances()
  }
}

/** The value that this share of the sorted times does not exceed. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? Number.NaN
}

async function listed(instance: Instance, id: string, ms: number): Promise<void> {
  await eventually(
    ms,
    () => instance.ask('/v1/models'),
    ({ text }) => text.includes(`"${id}"`),
    0,
  )
}
