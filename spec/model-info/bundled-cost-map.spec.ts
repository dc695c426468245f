import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import type { JsonObject } from '../../lib/json'
import { stderrLogger } from '../../lib/logger'
import { costMap, countModels } from '../../lib/model-info/cost-map'
import { readBundle } from '../../lib/model-info/cost-map-bundle'

const folder = join(__dirname, '../../lib/model-info')
const { entries: bundle, date, problem } = readBundle(stderrLogger)
const packed = readFileSync(join(folder, 'bundled-cost-map.json.br'))
const meta = JSON.parse(readFileSync(join(folder, 'bundled-cost-map.meta.json'), 'utf8')) as {
  readonly date: string
  readonly models: number
  readonly sha256: string
  readonly source: { readonly name: string; readonly version: string }
}

describe('the bundled cost map', () => {
  test('E5 has a date, a source that is named in the notice, its digest, and as many models as it says', () => {
    const notice = readFileSync(join(folder, 'NOTICE'), 'utf8')
    expect(problem).toBeNull()
    expect(date).toBe(meta.date)
    expect(meta.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(notice).toContain(`${meta.source.name} ${meta.source.version}`)
    expect(countModels(bundle)).toBe(meta.models)
    const text = brotliDecompressSync(packed)
    expect(createHash('sha256').update(text).digest('hex')).toBe(meta.sha256)
  })

  test('is small to ship and holds no prose', () => {
    expect(packed.length).toBeLessThan(160_000)
    const prose = new Set(['source', 'comment', 'deprecation_source', 'metadata'])
    const found = Object.values(bundle).flatMap((entry) =>
      Object.keys(entry as JsonObject).filter((key) => prose.has(key)),
    )
    expect(found).toEqual([])
  })

  const known: readonly [string, JsonObject][] = [
    [
      'gpt-4',
      {
        max_input_tokens: 8192,
        max_output_tokens: 4096,
        input_cost_per_token: 3e-5,
        output_cost_per_token: 6e-5,
        litellm_provider: 'openai',
        mode: 'chat',
      },
    ],
    [
      'gpt-3.5-turbo',
      { input_cost_per_token: 5e-7, output_cost_per_token: 1.5e-6, litellm_provider: 'openai' },
    ],
    ['azure/gpt-3.5-turbo', { input_cost_per_token: 5e-7, litellm_provider: 'azure', mode: 'chat' }],
    ['gpt-4o', { input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5, max_output_tokens: 16384 }],
    ['gpt-5', { input_cost_per_token: 1.25e-6, max_input_tokens: 272_000, max_output_tokens: 128_000 }],
    [
      'claude-sonnet-4-5',
      { input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5, litellm_provider: 'anthropic' },
    ],
    ['text-embedding-3-small', { input_cost_per_token: 2e-8, output_vector_size: 1536, mode: 'embedding' }],
    ['text-completion-openai/gpt-3.5-turbo-instruct', { input_cost_per_token: 1.5e-6, mode: 'completion' }],
  ]
  test.each(known)('knows %s', (model, values) => {
    const match = costMap(bundle).describe({ model_name: 'x', litellm_params: { model }, model_info: {} })
    expect(match.entry).toMatchObject(values)
  })

  test('holds no sample, no two keys that differ only in case, and no price that is not a number of dollars', () => {
    const keys = Object.keys(bundle)
    expect(keys).not.toContain('sample_spec')
    expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length)
    const odd = keys.filter((key) =>
      ['input_cost_per_token', 'output_cost_per_token'].some((field) => {
        const price = (bundle[key] as JsonObject)[field]
        return price !== undefined && !(typeof price === 'number' && price >= 0 && price < 0.01)
      }),
    )
    expect(odd).toEqual([])
  })
})
