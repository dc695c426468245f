import type { ModelDraft } from '../../lib/adapters/adapter'

/** A draft as the core makes one; `at` numbers the moments. */
export function draft(id: string, at = 0, changes: Partial<ModelDraft> = {}): ModelDraft {
  const moment = `2026-01-01T00:00:00.${String(at).padStart(6, '0')}Z`
  return {
    id,
    deployment: { model_name: id, litellm_params: { model: 'x' }, model_info: {} },
    blocked: false,
    createdAt: moment,
    createdBy: 'someone',
    updatedAt: moment,
    updatedBy: 'someone',
    ...changes,
  }
}

export function named(name: string): ModelDraft['deployment'] {
  return { model_name: name, litellm_params: { model: 'x' }, model_info: {} }
}
