import { holdsAddress, isAddress } from '../../lib/model-info/addresses'
import { stderrLogger } from '../../lib/logger'
import { readBundle } from '../../lib/model-info/cost-map-bundle'

const addresses = [
  'https://host.example/v1',
  'huggingface/https://host.example/v1',
  'HTTPS:host',
  'grpc://vllm',
  '//vllm/v1',
  '^https://host\\.example/v1$',
  '.*\\.corp\\.example(:\\d+)?',
  'vllm-server:8000',
  'vllm_server:8000',
  'hosted_vllm/vllm-server:8000/x',
  'redis:6379',
  'gateway:80',
  'user@gpu-1:8080',
  'endpoint=gpu-1:9000',
  'tcp:gpu.node1:90',
  'hosted_vllm/internal-host.corp.example:8000/x',
  'huggingface/internal-host.corp.example',
  'gpu1.corp',
  'internal.acme.io',
  'my-resource.openai.azure.com',
  'München.example',
  'localhost',
  'ollama/localhost:11434/llama3',
  '10.0.0.1',
  'see 10.0.0.1:80 for it',
  'runs on gpu1.corp.',
  'runs on node-1.rack2.acme',
  '[::1]:8000',
  'openai/[fd00:42::42]/x',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
]

const others = [
  '',
  'gpt-4.1',
  'openai/gpt-4o',
  'ollama/llama3.1:8b',
  'ollama/mixtral:8x7b',
  'ollama/hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
  'claude-3.5',
  'claude-3-5-sonnet@20240620',
  'meta-llama/Llama-3.1-8B',
  'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
  'cohere.embed-english-v3:0:512',
  'amazon.nova-pro-v1:0:300k',
  'openai.gpt-oss-120b-1:0',
  'azure/eu/gpt-4o',
  'ft:gpt-3.5-turbo-0613:org::id',
  'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc',
  'openai/*',
  'version:2024',
  'team:ml',
  '10:30:45',
  'v1.2.3',
  'me@example.com',
  'README.md',
  'A fast model, e.g. for Node.js. It costs 0.5 per call.',
  'std::vector',
  '/v1/chat/completions',
  '128k',
]

it.each(addresses)('%s is an address', (text) => {
  expect(isAddress(text)).toBe(true)
})

it.each(others)('%j is no address', (text) => {
  expect(isAddress(text)).toBe(false)
})

it('no model of the cost map is an address', () => {
  expect(Object.keys(readBundle(stderrLogger).entries).filter(isAddress)).toEqual([])
})

it.each([
  [{ a: [{ b: 'https://host.example' }] }, true],
  [{ 'https://host.example': 1 }, true],
  [{ api_base: 'vllm' }, true],
  [{ healthCheckUrl: 'vllm' }, true],
  [{ hosts: ['vllm'] }, true],
  [{ supported_endpoints: ['/v1/chat/completions'], endpoint: '', host: 'none' }, false],
  [{ database: 'vllm', ghost: 'vllm', curl: 1, mode: 'chat', url: null }, false],
  [['api_base', 'api_key'], false],
])('%j holds an address: %s', (value, expected) => {
  expect(holdsAddress(value)).toBe(expected)
})

it.each(['a.b ', 'a:b:', 'http: ', '1.1.1.1.', 'a', 'a.', ':', 'a@', 'ab.cd ', 'a:8', '\\.', '[', '/'])(
  'a megabyte of %j takes linear time',
  (piece) => {
    const text = piece.repeat(1_000_000 / piece.length)
    const before = process.cpuUsage()
    isAddress(`${text}!`)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1000)
  },
)
