import { ModelManagementError } from '../errors'
import type { ModelSource, StoredModel } from './adapter'
import { sealedText } from './sealed-form'

type Call = (...given: readonly unknown[]) => Promise<unknown>

/** Settings are not among them: they hold no secrets, and are in clear in a sealed store too. */
const writes = ['create', 'update', 'delete', 'batch'] as const

/**
 * A source that rejects with `key_ring` for as long as it holds sealed models that nothing has opened: their ciphertext is
 * not served, and no model is stored in clear beside them.
 */
export function refuseSealed<T extends ModelSource>(source: T): T {
  /** Ids, as far as they were seen. */
  let sealed: ReadonlySet<string> = new Set()

  function see(ids: readonly string[]): void {
    sealed = new Set(ids)
    assertNone()
  }

  function assertNone(): void {
    const [first] = sealed
    if (first === undefined) return
    throw new ModelManagementError(
      'key_ring',
      `Models of '${source.name}' are sealed, '${first}' for one, and nothing opens them: give the router ` +
        'sealed(adapter, { keys }) instead of the adapter, with the keys they were sealed with. Until then none is read, ' +
        'and none is stored in clear beside them.',
    )
  }

  const { get, revisions } = source
  const reads: Partial<ModelSource> = {
    async list() {
      const models = await source.list()
      see(models.filter(isSealed).map(({ id }) => id))
      return models
    },
    async get(id) {
      const model = await get.call(source, id)
      const others = [...sealed].filter((other) => other !== id)
      if (isSealed(model)) see([id, ...others])
      sealed = new Set(others)
      return model
    },
    ...(revisions && {
      async revisions(ids) {
        const told = await revisions.call(source, ids)
        // One that is gone keeps nobody from anything.
        if (ids === undefined && sealed.size > 0) {
          const present = new Set<unknown>(told.map((one) => Object(one).id))
          sealed = new Set([...sealed].filter((id) => present.has(id)))
        }
        return told
      },
    }),
  }
  const calls = source as unknown as Readonly<Record<string, Call | undefined>>
  const guarded = writes
    .filter((method) => calls[method] !== undefined)
    .map((method) => {
      const write: Call = async (...given) => {
        assertNone()
        return calls[method]?.(...given)
      }
      return [method, write] as const
    })
  return Object.assign(Object.create(source) as T, reads, Object.fromEntries(guarded))
}

function isSealed(model: StoredModel | undefined): boolean {
  return sealedText(Object(model).deployment) !== undefined
}
