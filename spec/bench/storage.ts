import type { ModelAdapter, ModelDraft } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sqliteAdapter } from '../../lib/adapters/sqlite'

/** Where rows are kept, as plain data: servers are processes of their own. */
export type Storage =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** What every adapter of ours has. */
export type BenchAdapter = ModelAdapter & Required<Pick<ModelAdapter, 'batch' | 'init' | 'close'>>

export function adapterOn(storage: Storage): BenchAdapter {
  switch (storage.kind) {
    case 'memory':
      return memoryAdapter()
    case 'sqlite':
      return sqliteAdapter({ file: storage.file })
    case 'postgres':
      return postgresAdapter({ url: storage.url })
  }
}

/** Large enough to be quick, small enough for one transaction. */
const draftsAtOnce = 5000

export async function stock(adapter: BenchAdapter, drafts: readonly ModelDraft[]): Promise<void> {
  await adapter.init()
  for (let from = 0; from < drafts.length; from += draftsAtOnce) {
    const part = drafts.slice(from, from + draftsAtOnce)
    const result = await adapter.batch(part.map((draft) => ({ kind: 'create', draft }) as const))
    if (!result.ok) throw new Error(`row ${from + result.index} was refused: ${result.reason}`)
  }
}
