import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { startGateway, stopGateways } from '../support/gateway'
import type { RunningGateway } from '../support/gateway'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const config = (name: string, settings: object): string => {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify({ model_list: [], general_settings: settings }))
  return file
}

afterAll(stopGateways)

/** The status of a request with these headers as they are, the name of the host included. */
async function status({ url }: RunningGateway, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/model/info`, { headers, agent: false }, (response) => {
      resolve(response.resume().statusCode)
    })
    asked.on('error', reject).end()
  })
}

describe('the development key', () => {
  let gateway: RunningGateway
  const file = config('later.yaml', {})
  beforeAll(
    async () => (gateway = await startGateway({ MODELS_DB: join(folder, 'key.db'), CONFIG_FILE_PATH: file })),
  )
  const key = { authorization: 'Bearer sk-1234' }

  test.each([
    ['as it is', key],
    ['in another header', { 'x-api-key': 'sk-1234' }],
    ['at localhost', { ...key, host: 'localhost:4000' }],
    ['at the address of IPv6', { ...key, host: '[::1]:4000' }],
  ])('works on this machine, %s', async (_, headers) => {
    expect(await status(gateway, headers)).toBe(200)
  })

  test.each([
    ['by way of a proxy', { ...key, 'x-forwarded-for': '203.0.113.1' }],
    ['by way of a proxy that says so otherwise', { ...key, forwarded: 'for=203.0.113.1' }],
    ['by way of a tunnel', { ...key, 'x-forwarded-host': 'gateway.example' }],
    ['at a name that leads here', { ...key, host: 'rebound.example' }],
    ['at a name that begins as an address', { ...key, host: '127.0.0.1.rebound.example' }],
    ['in another header', { 'x-goog-api-key': 'Bearer  sk-1234 ', host: 'rebound.example' }],
  ])('does not work %s', async (_, headers) => {
    expect(await status(gateway, headers)).toBe(401)
  })

  test('is refused with what to do instead', async () => {
    const headers = { ...key, 'x-forwarded-for': '203.0.113.1' }
    const response = await fetch(`${gateway.url}/v1/models`, { headers })
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        error: {
          message:
            'The key sk-1234 is accepted from this machine only, at 127.0.0.1 or localhost and without a proxy between. Set LITELLM_MASTER_KEY to a key of your own.',
          type: 'auth_error',
          param: null,
          code: 'invalid_api_key',
        },
      },
    ])
  })

  test('ends with the first master key in the config file, and does not come back when that is gone', async () => {
    config('later.yaml', { master_key: 'sk-own' })
    // The file is looked at twice a second.
    while ((await status(gateway, { authorization: 'Bearer sk-own' })) !== 200);
    expect(await status(gateway, key)).toBe(401)
    config('later.yaml', {})
    await gateway.says('general_settings.master_key of the config file is gone.')
    expect(await status(gateway, key)).toBe(401)
    expect(await status(gateway, { authorization: 'Bearer sk-own' })).toBe(200)
    expect(gateway.output()).not.toContain('sk-own')
  })
})

describe('a gateway for other machines does not start', () => {
  const forAll = { HOST: '0.0.0.0', MODELS_DB: join(folder, 'all.db') }
  test.each([
    ['with the development key as its own', { LITELLM_MASTER_KEY: 'sk-1234' }, /Set LITELLM_MASTER_KEY/],
    [
      'with a master key that cannot be used',
      { CONFIG_FILE_PATH: config('unset.yaml', { master_key: 'os.environ/NOT_SET' }) },
      /general_settings\.master_key refers to variable NOT_SET, which is not set/,
    ],
  ])('%s', async (_, env, message) => {
    await expect(startGateway({ ...forAll, ...env })).rejects.toThrow(message)
  })
})
