import type { ModelAdapter, ModelDraft } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore, type MemoryStore } from '../../lib/adapters/memory'
import { sealed, type SealedAdapter } from '../../lib/adapters/sealed'
import type { SealingKey } from '../../lib/adapters/key-ring'

export const one: SealingKey = { id: 'k1', secret: 'the first secret, long enough' }
export const two: SealingKey = { id: 'k2', secret: 'the second secret, long enough' }

export interface Hands {
  readonly store: MemoryStore
  /** What storage itself holds. */
  readonly raw: Required<Omit<ModelAdapter, 'file' | 'revisions' | 'version'>>
  /** The same through these keys. */
  with(...keys: readonly SealingKey[]): SealedAdapter
}

/** One store, looked at in several ways. */
export function over(store: MemoryStore = memoryStore()): Hands {
  const raw = memoryAdapter({ store })
  return { store, raw, with: (...keys) => sealed(raw, { keys }) }
}

/** A model as storage holds it, fit for being written again. */
export async function rawOf(adapter: ModelAdapter, id: string): Promise<ModelDraft> {
  const { revision: _, ...rest } = (await adapter.get(id))!
  return rest as ModelDraft
}

/** A deployment as it is stored with this sealed text. */
export function sealedAs(text: string): ModelDraft['deployment'] {
  return { model_name: 'smart', litellm_params: { sealed: text }, model_info: {} }
}

export function textOf({ deployment }: ModelDraft): string {
  return deployment.litellm_params['sealed'] as string
}

/** Why the model cannot be opened. */
export async function problemOf(adapter: ModelAdapter, id: string): Promise<string> {
  const { deployment } = (await adapter.get(id))!
  expect(deployment).toMatchObject({ code: 'key_ring', id })
  return (deployment as Error).message
}
