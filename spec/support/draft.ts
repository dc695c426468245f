import type { ModelDraft } from '../../lib/adapters/adapter'

export function draft(id: string, change: Partial<ModelDraft> = {}): ModelDraft {
  return {
    id,
    deployment: { model_name: 'smart', litellm_params: { model: 'openai/gpt-4o' }, model_info: {} },
    blocked: false,
    createdAt: '2026-01-02T03:04:05.678Z',
    createdBy: 'ann',
    updatedAt: '2026-01-02T03:04:05.678Z',
    updatedBy: null,
    ...change,
  }
}
