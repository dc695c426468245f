import type { Deployment, ModelDraft, StoredModel } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import type { RouterOptions } from '../../lib/options'
import { makeApp } from './app'
import type { TestApp } from './app'
import { draft } from './draft'

/** A memory adapter that already holds models, as another instance may have written them. */
export interface Held {
  readonly adapter: ReturnType<typeof memoryAdapter>
  /** What it holds of this model now. */
  model(id?: string): Promise<StoredModel | undefined>
  deployment(id?: string): Promise<Deployment | undefined>
}

/** Deployments by id; the id is `one` unless there are several. */
export async function holding(
  models: Readonly<Record<string, Partial<Deployment>>>,
  change: Partial<ModelDraft> = {},
): Promise<Held> {
  const adapter = memoryAdapter()
  for (const [id, parts] of Object.entries(models)) {
    const deployment = { model_name: 'm', litellm_params: { model: 'x' }, model_info: {}, ...parts }
    await adapter.create(draft(id, { deployment, ...change }))
  }
  return {
    adapter,
    model: (id = 'one') => adapter.get(id),
    deployment: async (id = 'one') => (await adapter.get(id))?.deployment as Deployment | undefined,
  }
}

/** A ready app over one stored model of the id `one`. */
export async function appOver(
  deployment: Partial<Deployment>,
  options: RouterOptions = {},
): Promise<TestApp & Held> {
  const held = await holding({ one: deployment })
  return { ...(await makeApp({ adapter: held.adapter, ...options })), ...held }
}
