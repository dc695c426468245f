import { child } from '../support/child'
import type { Child } from '../support/child'
import { testDatabase } from '../support/postgres-database'
import { silentProxy } from '../support/silent-proxy'
import type { SilentProxy } from '../support/silent-proxy'

const database = testDatabase()
let proxy: SilentProxy
beforeAll(async () => {
  proxy = await silentProxy(database.url)
})
afterAll(() => proxy.close())

const down = ['error', 'storage cannot be read; requests are answered with 503 until it was read once']

async function end({ ended, lines, process }: Child): Promise<unknown> {
  const killer = setTimeout(() => process.kill('SIGKILL'), 20_000)
  const { code, stderr } = await ended()
  clearTimeout(killer)
  return [code, stderr, lines.map((line) => JSON.parse(line) as unknown)]
}

describe('25 a process that only waits for the first load, with storage down,', () => {
  it('stays alive until storage is back, and ends by itself after close()', async () => {
    proxy.stop()
    const host = child('starting.ts', proxy.url(database.url))
    await host.atLeast(1)
    proxy.start()
    expect(await end(host)).toEqual([0, '', [down, ['info', 'storage can be read again'], ['ready', []]]])
  })

  it('hears from ready({ timeoutMs }) what is wrong', async () => {
    expect(await end(child('starting.ts', 'postgres://127.0.0.1:1/models', '300'))).toEqual([
      0,
      '',
      [
        down,
        [
          'not_ready',
          'The models were not loaded within 300 ms: PostgreSQL database 127.0.0.1:1/models: nothing listens there, so the server may not be running. The router goes on trying until it is closed.',
        ],
      ],
    ])
  })
})
