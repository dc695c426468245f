import type { Deployment, ModelDraft } from '../adapters/adapter'
import type { JsonValue } from '../json'

/** A draft nobody else holds, as the core would make it. */
export function draft(id: string, change: Partial<ModelDraft> = {}): ModelDraft {
  return {
    id,
    deployment: deployment(),
    blocked: false,
    createdAt: '2026-01-02T03:04:05.678Z',
    createdBy: 'ann',
    updatedAt: '2026-01-02T03:04:05.678Z',
    updatedBy: 'ann',
    ...change,
  }
}

export function deployment(params: Readonly<Record<string, JsonValue>> = {}): Deployment {
  return {
    model_name: 'smart',
    litellm_params: { model: 'openai/gpt-4o', ...params },
    model_info: { mode: 'chat' },
  }
}

/** The n-th later state of the same model: other parameters, other time. */
export function changed(id: string, step: number): ModelDraft {
  return draft(id, { deployment: deployment({ step }), updatedAt: later(step), updatedBy: `ben-${step}` })
}

/** The same id made anew, later, by someone else. */
export function recreated(id: string): ModelDraft {
  return draft(id, { createdAt: later(500), createdBy: 'cleo', updatedAt: later(500), updatedBy: 'cleo' })
}

export function later(step: number): string {
  return new Date(Date.UTC(2026, 1, 2) + step * 1000).toISOString()
}

/** Members of the list, one for each number below `count`. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
