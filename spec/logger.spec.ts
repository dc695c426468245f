import { memoryAdapter } from '../lib/adapters/memory'
import type { Logger } from '../lib/logger'
import { makeApp } from './support/app'

/** What the spec writes to stderr meanwhile. */
async function stderrOf(work: () => Promise<unknown>): Promise<string> {
  let written = ''
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
  try {
    await work()
  } finally {
    spy.mockRestore()
  }
  return written
}

const fail = (): never => {
  throw new Error('the disk of the log is full')
}
const failLater = (() => Promise.reject(new Error('the log server is gone'))) as () => void

describe.each<[string, Logger]>([
  ['throws', { info: fail, warn: fail, error: fail }],
  ['rejects', { info: failLater, warn: failLater, error: failLater }],
])('a logger that %s', (_what, logger) => {
  it('keeps no request from its answer, and its lines are on stderr', async () => {
    const auth = (): never => {
      throw new TypeError('sk-secret')
    }
    const written = await stderrOf(async () => {
      const { get } = await makeApp({ logger, auth })
      const { status } = await get('/model/info')
      expect(status).toBe(500)
    })
    expect(written).toMatch(
      /^express-model-management: the function of option 'auth' threw; .*\nexpress-model-management: a request failed \{"requestId":"[\da-f-]{36}",/,
    )
    expect(written).not.toContain('sk-secret')
  })

  it('does not end the following of storage', async () => {
    const storage = memoryAdapter()
    let isDown = false
    const list = () => (isDown ? Promise.reject(new Error('down')) : storage.list())
    const { watch: _, ...adapter } = { ...storage, list }
    await stderrOf(async () => {
      const { get, router } = await makeApp({ logger, adapter: adapter as typeof storage })
      isDown = true
      await expect(router.registry.reload()).rejects.toThrow('down')
      isDown = false
      // By itself: nobody but the follower reads again.
      while (router.registry.status().degraded) await get('/health/liveness', null)
    })
  })
})
