import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { makeApp, masterKey } from '../support/app'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
})

/** The official client with a key that may call models and nothing else. */
async function clientFor(...models: readonly string[]): Promise<OpenAI> {
  const keys = [{ key: 'sk-inference', userId: 'u', role: 'internal_user' as const, models }]
  const { app, post } = await makeApp({ auth: { masterKey, keys } })
  await post('/model/new', { model_name: 'openai/gpt-4o', litellm_params: { model: 'openai/gpt-4o' } })
  await post('/model/new', { model_name: 'claude', litellm_params: { model: 'anthropic/claude' } })
  const server = createServer(app)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return new OpenAI({ apiKey: 'sk-inference', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 })
}

const created = expect.any(Number) as number

describe("OpenAI's own client", () => {
  it('F5 lists what its key may call', async () => {
    const client = await clientFor('openai/*', 'claude')
    const listed = []
    for await (const model of client.models.list()) listed.push(model)
    expect(listed).toEqual([
      expect.objectContaining({ id: 'openai/gpt-4o', object: 'model', created, owned_by: 'openai' }),
      { id: 'claude', object: 'model', created, owned_by: 'anthropic', mode: 'chat' },
    ])
  })

  it('G3 retrieves one whose id has a slash, equal to the one in the list', async () => {
    const client = await clientFor()
    const { data } = await client.models.list()
    expect(await client.models.retrieve('openai/gpt-4o')).toEqual(data[0])
  })

  it.each(['claude', 'gone', 'openai/gone'])('F6 is told NotFound for %s, there or not', async (id) => {
    const client = await clientFor('openai/gpt-4o')
    await expect(client.models.retrieve(id)).rejects.toMatchObject({ constructor: OpenAI.NotFoundError })
  })
})
