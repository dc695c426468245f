import { holdsAddress } from '../../lib/registry/address-in-name'
import { cpuMs } from '../support/cpu'
import { stderrLogger } from '../../lib/logger'
import { readBundle } from '../../lib/model-info/cost-map-bundle'

describe('the name of a model holds an address', () => {
  it.each([
    'https://evil.example/v1',
    'huggingface/https://evil.example/v1',
    'huggingface/HTTPS:evil.example',
    'huggingface/gopher://evil.example',
    'huggingface/ftp:evil.example',
    'huggingface/a_://evil.example',
    '//evil.example',
    'openai//evil.example',
    'x/\\\\evil.example',
    'x/https:\\\\evil.example',
    'x/ht\ttps:/\n/evil.example',
    'x/https:\u200b/\u200b/evil.example',
    'x/https%3A%2F%2Fevil.example',
    'x/https%253a%252f%252fevil.example',
    'x/%5C%5Cevil.example',
    'x/%2Fx/%2F%2fevil.example',
    'x/https：／／evil.example',
    'x/%EF%BC%8F%EF%BC%8Fevil.example',
    'x/ｈｔｔｐｓ:evil.example',
    'x@evil.example/v1',
    'x/user:word@evil.example',
    'x%40evil.example',
    'x＠evil。example',
    'x@evil:8080',
    'x@[::1]',
    'x@localhost',
    'x@2130706433',
    'x@0x7f000001',
    'x/%2525252525252525252541',
  ])('%s', (name) => {
    expect(holdsAddress(name)).toBe(true)
  })
})

describe('the name of a model holds no address', () => {
  it('where it is one of the cost map, with or without a provider before it', () => {
    const names = Object.keys(readBundle(stderrLogger).entries)
    expect(names.length).toBeGreaterThan(1000)
    expect(names.flatMap((name) => [name, `openrouter/${name}`]).filter(holdsAddress)).toEqual([])
  })

  it.each([
    '',
    '*',
    'openai/gpt-4o',
    'ollama/llama3:8b-instruct-q4_K_M',
    'vertex_ai/claude-3-5-sonnet-v2@20241022',
    'cloudflare/@cf/meta/llama-2-7b-chat-int8',
    'bedrock/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123',
    'ft:gpt-3.5-turbo-0613:my-org:custom:id',
    'ollama/profile:latest',
    'huggingface/https-models/http2',
    'openai/100%25',
    'ours/模型－１',
  ])('%s', (name) => {
    expect(holdsAddress(name)).toBe(false)
  })
})

it('takes time in proportion to the length of a name', async () => {
  const units = ['@', '@.', '%25', '1://', 'http:', '/', ' ', '\\', 'a', '：', '%EF%BC%8F', '。', 'ftp:/']
  for (const unit of units) {
    const name = unit.repeat(100_000 / unit.length)
    expect([unit, (await cpuMs(() => holdsAddress(name))) < 1000]).toEqual([unit, true])
  }
})
