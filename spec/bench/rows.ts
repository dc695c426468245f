import type { ModelDraft } from '../../lib/adapters/adapter'
import type { KeyEntry } from '../../lib/options/auth'

/** Models as gateways have them: most in the cost map, some not, with credentials, limits, tags and groups. */
const upstream = [
  'openai/gpt-4o',
  'azure/gpt-4o-mini',
  'anthropic/claude-3-5-sonnet-20241022',
  'gemini/gemini-1.5-pro',
  'mistral/mistral-large-latest',
  'openai/our-own-fine-tune',
]

export const masterKey = 'sk-bench-master-0123456789'

export function nameAt(at: number): string {
  return `model-${String(at).padStart(6, '0')}`
}

export function idAt(at: number): string {
  return `row-${String(at).padStart(6, '0')}`
}

export function draftAt(at: number): ModelDraft {
  const moment = `2026-01-01T00:00:00.${String(at).padStart(6, '0')}Z`
  return {
    id: idAt(at),
    deployment: {
      model_name: nameAt(at),
      litellm_params: {
        model: upstream[at % upstream.length] ?? 'openai/gpt-4o',
        api_key: 'os.environ/BENCH_PROVIDER_KEY',
        api_base: `https://provider-${at % 7}.example.com/v1`,
        rpm: 600 + (at % 5),
        tpm: 100_000,
        timeout: 30,
        tags: ['bench', `region-${at % 3}`],
      },
      model_info: { access_groups: [`group-${at % 50}`], owner: `team of row ${at}` },
    },
    blocked: false,
    createdAt: moment,
    createdBy: 'bench',
    updatedAt: moment,
    updatedBy: 'bench',
  }
}

export function draftsUpTo(count: number): readonly ModelDraft[] {
  return Array.from({ length: count }, (_, at) => draftAt(at))
}

/** Rows named by a pattern, each standing for the models of one provider. */
export function wildcardDrafts(count: number): readonly ModelDraft[] {
  const patterns = ['openai/*', 'anthropic/*', 'gemini/*', 'mistral/*', 'azure/*', 'bedrock/*']
  return patterns.slice(0, count).map((pattern, at) => ({
    ...draftAt(900_000 + at),
    deployment: {
      model_name: pattern,
      litellm_params: { model: pattern, api_key: 'os.environ/BENCH_PROVIDER_KEY' },
      model_info: {},
    },
  }))
}

export const keysInTurn = 200
const modelsOfAKey = 20

/** Keys that see twenty models each, no two the same twenty where there are rows enough. */
export function scopedKeys(rows: number): readonly KeyEntry[] {
  return Array.from({ length: keysInTurn }, (_, at) => {
    const models = Array.from({ length: modelsOfAKey }, (_none, step) =>
      nameAt((at * modelsOfAKey + step + Math.floor((at * modelsOfAKey) / rows)) % rows),
    )
    return { key: keyAt(at), userId: `user-${at}`, role: 'internal_user', models: [...new Set(models)] }
  })
}

export function keyAt(at: number): string {
  return `sk-bench-user-${String(at).padStart(4, '0')}`
}
