import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../lib/json'
import { costMap, countModels } from '../../lib/model-info/cost-map'

const root = join(__dirname, '../..')
const folder = join(root, 'lib/model-info')
const text = readFileSync(join(folder, 'bundled-cost-map.json'), 'utf8')
const metaText = readFileSync(join(folder, 'bundled-cost-map.meta.json'), 'utf8')
const bundle = JSON.parse(text) as Record<string, JsonObject>
const meta = JSON.parse(metaText) as {
  date: string
  models: number
  sources: { name: string; models: number }[]
}

describe('the bundled cost map', () => {
  test('E5 has a date, sources that are named in the notice, and as many models as it says', () => {
    const notice = readFileSync(join(folder, 'NOTICE'), 'utf8')
    expect(meta.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    for (const { name } of meta.sources) expect(notice).toContain(name)
    expect(countModels(bundle)).toBe(meta.models)
    expect(meta.sources.reduce((sum, source) => sum + source.models, 0)).toBe(meta.models)
  })

  test('comes out the same when it is generated again', () => {
    const target = mkdtempSync(join(tmpdir(), 'cost-map-'))
    try {
      execFileSync(process.execPath, [join(root, 'spec/tools/generate-cost-map.mjs'), meta.date, target])
      expect(readFileSync(join(target, 'bundled-cost-map.json'), 'utf8') === text).toBe(true)
      expect(readFileSync(join(target, 'bundled-cost-map.meta.json'), 'utf8')).toBe(metaText)
    } finally {
      rmSync(target, { recursive: true })
    }
  })

  const known: readonly [string, JsonObject][] = [
    [
      'gpt-4',
      {
        max_tokens: 4096,
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
    ['text-completion-openai/text-davinci-003', { input_cost_per_token: 2e-5, mode: 'completion' }],
  ]
  test.each(known)('knows %s', (model, values) => {
    const match = costMap(bundle).find({ model_name: 'x', litellm_params: { model }, model_info: {} })
    expect(match?.entry).toMatchObject(values)
  })

  test('holds no sample, no two keys that differ only in case, and no price that is not a number of dollars', () => {
    const keys = Object.keys(bundle)
    expect(keys).not.toContain('sample_spec')
    expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length)
    const odd = keys.filter((key) =>
      ['input_cost_per_token', 'output_cost_per_token'].some((field) => {
        const price = bundle[key]?.[field]
        return price !== undefined && !(typeof price === 'number' && price >= 0 && price < 0.01)
      }),
    )
    expect(odd).toEqual([])
  })
})
