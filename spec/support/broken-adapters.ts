import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import type { ConformanceOptions } from '../../lib/testing'
import type { BrokenAdapter, Full, Opened, Storage } from './broken/flaw'
import { brokenInstances } from './broken/instances'
import { brokenLifecycle } from './broken/lifecycle'
import { brokenListedRevisions } from './broken/listed-revisions'
import { brokenRaces } from './broken/races'
import { brokenReads } from './broken/reads'
import { brokenSettings } from './broken/settings'
import { brokenValues } from './broken/values'
import { brokenVersions } from './broken/versions'
import { brokenWatching } from './broken/watching'
import { brokenWrites } from './broken/writes'

export const brokenAdapters: readonly BrokenAdapter[] = [
  ...brokenReads,
  ...brokenValues,
  ...brokenWrites,
  ...brokenRaces,
  ...brokenWatching,
  ...brokenSettings,
  ...brokenVersions,
  ...brokenListedRevisions,
  ...brokenLifecycle,
  ...brokenInstances,
]

/** Every capability over a memory adapter, with or without a flaw. */
export function harness(flaw?: BrokenAdapter['flaw']): Required<Omit<ConformanceOptions, 'absent'>> {
  const storages = new WeakMap<ModelAdapter, Storage>()

  function over(storage: Storage, opened: Opened): ModelAdapter {
    const good = reachable(memoryAdapter({ store: storage.store }), storage)
    const adapter = { ...good, ...flaw?.(good, storage, opened) }
    storages.set(adapter, storage)
    return adapter
  }
  const storageOf = (adapter: ModelAdapter) => storages.get(adapter)!

  return {
    create: () => over({ store: memoryStore(), failing: false, notes: new Map() }, 'first'),
    peer: (first) => over(storageOf(first), 'peer'),
    reopen: (closed) => over(storageOf(closed), 'reopened'),
    async outage(adapter) {
      storageOf(adapter).failing = true
      return async () => {
        storageOf(adapter).failing = false
      }
    },
    waitMs: 60,
  }
}

/** A memory adapter with a version and revisions, and that can have an outage. */
function reachable(adapter: ReturnType<typeof memoryAdapter>, storage: Storage): Full {
  const check = async <T>(call: () => Promise<T>): Promise<T> => {
    if (storage.failing) throw new Error('storage cannot be reached')
    return call()
  }
  return {
    ...adapter,
    init: () => check(() => adapter.init()),
    ping: () => check(() => adapter.ping()),
    list: () => check(() => adapter.list()),
    get: (id) => check(() => adapter.get(id)),
    create: (draft) => check(() => adapter.create(draft)),
    update: (draft, condition) => check(() => adapter.update(draft, condition)),
    delete: (id, condition) => check(() => adapter.delete(id, condition)),
    batch: (writes) => check(() => adapter.batch(writes)),
    readSettings: () => check(() => adapter.readSettings()),
    writeSettings: (settings) => check(() => adapter.writeSettings(settings)),
    revisions: (ids) =>
      check(async () =>
        (await adapter.list())
          .filter(({ id }) => ids?.includes(id) ?? true)
          .map(({ id, revision }) => ({ id, revision })),
      ),
    version: () =>
      check(async () => {
        await adapter.ping()
        return String(storage.store.lastRevision)
      }),
  }
}
