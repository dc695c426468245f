import { once } from 'node:events'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp, masterKey } from '../support/app'
import { draft } from '../support/draft'
import { gate } from '../support/gate'
import { ask, closeRawServers, rawServer, request } from '../support/sockets'

// An unhandled rejection or an error that nobody catches fails the spec it falls into: the runner sees to that.
afterEach(closeRawServers)

const body = JSON.stringify({
  model_name: 'm',
  litellm_params: { model: 'x' },
  model_info: { id: 'new' },
})
const patch = JSON.stringify({ litellm_params: { rpm: 1 } })

describe('a client that goes away', () => {
  it.each([
    ['in the headers', request('POST', '/model/new', body).slice(0, 40)],
    ['before the body', request('POST', '/model/new', '', 500)],
    ['in the body', request('POST', '/model/new', body, 500)],
    [
      'in a body of chunks',
      request('POST', '/model/new').replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n{'),
    ],
  ])('%s has written nothing', async (_where, text) => {
    const adapter = memoryAdapter()
    const { app, log } = await makeApp({ adapter })
    const server = await rawServer(app)
    const socket = await server.connect()
    socket.write(text)
    socket.end()
    await server.deserted()
    expect(await ask(await server.connect(), request('GET', '/model/info'))).toContain('{"data":[]}')
    expect([await adapter.list(), log]).toEqual([[], []])
  })

  it('while its key is looked up has written nothing', async () => {
    const adapter = memoryAdapter()
    const asked = gate()
    const known = gate()
    const { app, log, router } = await makeApp({
      adapter,
      async auth({ headers }) {
        if (headers['x-slow'] !== undefined) {
          asked.open()
          await known.passed
        }
        return { userId: 'u', role: 'proxy_admin' }
      },
    })
    const server = await rawServer(app)
    const socket = await server.connect()
    socket.write(request('POST', '/model/new', body, 500).replace('\r\n', '\r\nX-Slow: 1\r\n'))
    await asked.passed
    socket.destroy()
    await server.deserted()
    known.open()
    await ask(await server.connect(), request('GET', '/model/info'))
    await router.close()
    expect(log).toEqual([])
  })

  const writes: readonly [string, string, (one: ModelAdapter) => Promise<unknown>, unknown][] = [
    ['creates', request('POST', '/model/new', body), (one) => one.get('new'), { model: 'x' }],
    [
      'updates',
      request('PATCH', '/model/one/update', patch),
      (one) => one.get('one'),
      { model: 'x', rpm: 1 },
    ],
  ]
  it.each(writes)('while storage %s for it has written all of it', async (_what, text, stored, params) => {
    const adapter = memoryAdapter()
    await adapter.create(
      draft('one', { deployment: { model_name: 'm', litellm_params: { model: 'x' }, model_info: {} } }),
    )
    const begun = gate()
    const done = gate()
    const held = async <T>(work: () => Promise<T>): Promise<T> => {
      begun.open()
      await done.passed
      return work()
    }
    const { app, log, router } = await makeApp({
      adapter: {
        ...adapter,
        create: (one) => held(() => adapter.create(one)),
        update: (...given) => held(() => adapter.update(...given)),
      },
    })
    const changed = gate()
    router.registry.on('change', () => changed.open())
    const server = await rawServer(app)
    const socket = await server.connect()
    socket.write(text)
    await begun.passed
    socket.destroy()
    await server.deserted()
    done.open()
    await changed.passed
    expect(await stored(adapter)).toMatchObject({ deployment: { litellm_params: params } })
    expect(await ask(await server.connect(), request('GET', '/model/info'))).toContain(
      JSON.stringify(params).slice(1, -1),
    )
    expect(log).toEqual([])
  })
})

describe('a list of 10 MB', () => {
  async function large() {
    const adapter = memoryAdapter()
    const model_info = { description: 'x'.repeat(10_000) }
    for (let count = 0; count < 1000; count += 1)
      await adapter.create(
        draft(`model ${count}`, {
          deployment: { model_name: 'm', litellm_params: { model: 'x' }, model_info },
        }),
      )
    const made = await makeApp({ adapter })
    return { ...made, server: await rawServer(made.app) }
  }

  it('is taken slowly by many at little cost, and the others are served', async () => {
    const { server } = await large()
    const list = request('GET', '/model/info')
    expect((await ask(await server.connect(), list)).length).toBeGreaterThan(10_000_000)
    const before = process.memoryUsage().arrayBuffers
    const slow = await Promise.all(Array.from({ length: 20 }, () => server.connect()))
    for (const socket of slow) {
      socket.pause()
      socket.write(list)
    }
    const changed = request('PATCH', '/model/model 1/update'.replaceAll(' ', '%20'), patch)
    expect(await ask(await server.connect(), changed)).toContain('200 OK')
    expect(await ask(await server.connect(), request('GET', '/health/liveliness'))).toContain('200 OK')
    // The answer was made once and waits for all of them; a copy for each would be 200 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000)
    for (const socket of slow) socket.destroy()
  })

  it('is whole for a slow reader, as it was when it was asked for', async () => {
    const { server } = await large()
    const socket = await server.connect()
    socket.write(request('GET', '/model/info'))
    await once(socket, 'readable')
    const change = request('POST', '/model/delete', JSON.stringify({ id: 'model 999' }))
    expect(await ask(await server.connect(), change)).toContain('200 OK')
    const answer = await ask(socket, '')
    const { data } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { data: unknown[] }
    expect(data).toHaveLength(1000)
  })
})

it('a connection that is used again and again gathers no listeners', async () => {
  const { app } = await makeApp({ auth: { masterKey } })
  const server = await rawServer(app)
  const socket = await server.connect()
  const listeners = (): unknown => {
    const [end] = server.accepted
    return end?.eventNames().map((name) => [name, end.listenerCount(name)])
  }
  const round = async (): Promise<void> => {
    await ask(socket, request('GET', '/model/info'))
    await ask(socket, request('PATCH', '/model/none/update', patch))
  }
  await round()
  const first = listeners()
  for (let count = 0; count < 50; count += 1) await round()
  expect(listeners()).toEqual(first)
})
