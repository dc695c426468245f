import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import express from 'express'
import type { ErrorRequestHandler } from 'express'
import type { ModelAdapter, StoredModel } from '../../lib/adapters/adapter'
import { canonicalJson, isJsonObject } from '../../lib/json'
import type { JsonObject } from '../../lib/json'
import { modelManagementRouter } from '../../lib/router'
import type { ModelManagementRouter } from '../../lib/router'
import { findCanaries } from '../support/canary'
import { loggerInto, masterKey } from '../support/app'
import type { LogLine } from '../support/app'
import { wrongAnswer, wrongReading, wrongStoring } from './invariants'
import { keys } from './requests'
import { line, sendBytes } from './wire'
import type { Answer, Line, Wire } from './wire'

export interface World {
  /** Sends the request; what is wrong with what came of it, or undefined. */
  try(wire: Wire): Promise<string | undefined>
  /** The same for bytes that may be no request at all. */
  tryBytes(bytes: Buffer): Promise<string | undefined>
  /** Deletes every model. */
  clear(): Promise<void>
  close(): Promise<void>
}

const costMap = {
  'gpt-4': {
    litellm_provider: 'openai',
    mode: 'chat',
    input_cost_per_token: 3e-5,
    output_cost_per_token: 6e-5,
  },
}

/** More models than this make nothing truer, only slower. */
const mostModels = 25

/** A router over this adapter behind a server of its own, watched while it is asked. */
export async function worldOver(adapter: ModelAdapter): Promise<World> {
  const log: LogLine[] = []
  const router = modelManagementRouter({
    adapter,
    env: {},
    costMap,
    logger: loggerInto(log),
    bodyLimit: 65_536,
    auth: {
      masterKey,
      keys: [
        { key: keys.teamAdmin, userId: 'ta', role: 'internal_user', teams: [{ id: 't', admin: true }] },
        { key: keys.inference, userId: 'i', role: 'customer', models: ['m', 'openai/*'] },
        { key: keys.viewer, userId: 'v', role: 'proxy_admin_viewer' },
      ],
    },
  })
  await router.ready()
  const server = await served(router)
  const { port } = server.address() as AddressInfo
  const wires = line(port)
  const loose: string[] = []
  const onLoose = (reason: unknown): void => void loose.push(`unhandled rejection: ${String(reason)}`)
  process.on('unhandledRejection', onLoose)
  let asked = 0
  let before = await contentOf(adapter)

  async function consequences(wire: Wire, answer: Answer): Promise<string | undefined> {
    const after = await contentOf(adapter)
    const isChanged = after.text !== before.text
    const { models } = before
    before = after
    if (isChanged && (wire.method === 'GET' || answer.status >= 300))
      return `storage changed although the answer was ${answer.status}`
    if (!isChanged) return undefined
    const seen = new Map(models.map((model) => [model.id, model.revision]))
    for (const model of after.models) {
      if (seen.get(model.id) === model.revision) continue
      const wrong = (await misread(wires, model)) ?? wrongCreation(wire, answer, model)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  async function clear(): Promise<void> {
    const admin = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' }
    for (const { id } of await adapter.list()) {
      const body = Buffer.from(JSON.stringify({ id }))
      await wires.send({ method: 'POST', target: '/model/delete', headers: admin, body })
    }
    before = await contentOf(adapter)
  }

  /** What went wrong beside the answer. */
  function aside(): string | undefined {
    const lines = log.splice(0)
    // Status is the same after most requests, and the dearest thing to look at.
    const status = asked++ % 50 === 0 || lines.length > 0 ? router.registry.status() : null
    const leaked = findCanaries(JSON.stringify([lines, status]))
    if (leaked.length > 0) return `a canary was logged or is in status: ${JSON.stringify(lines)}`
    return loose.splice(0)[0]
  }

  return {
    async try(wire) {
      try {
        const answer = await wires.send(wire)
        const left = await consequences(wire, answer)
        const wrong = wrongAnswer(wire, answer) ?? left ?? aside()
        if (before.models.length > mostModels) await clear()
        return wrong === undefined
          ? undefined
          : `${described(wire)}\n  ${answer.status} ${wrong.slice(0, 2000)}`
      } catch (error) {
        return `${described(wire)}\n  ${String(error)}`
      }
    },
    async tryBytes(bytes) {
      const text = await sendBytes(port, bytes)
      before = await contentOf(adapter)
      const wrong = /^HTTP\/1.1 5|x-host: error/i.test(text) ? text : aside()
      return wrong === undefined ? undefined : `${JSON.stringify(bytes.toString('latin1'))}\n  ${wrong}`
    },
    clear,
    async close() {
      process.off('unhandledRejection', onLoose)
      wires.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await router.close()
    },
  }
}

/** A host that answers what is not ours, and shows when it had to. */
function served(router: ModelManagementRouter): Promise<Server> {
  const app = express()
  app.use(router)
  app.use((_, response) => void response.status(404).set('x-host', 'next').json({ detail: 'Not Found' }))
  const onError: ErrorRequestHandler = (error, _request, response, _next) =>
    void response.status(500).set('x-host', 'error').json(String(error))
  app.use(onError)
  const server = createServer(app)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function contentOf(adapter: ModelAdapter): Promise<{ models: readonly StoredModel[]; text: string }> {
  const models = await adapter.list()
  return { models, text: canonicalJson([...models]) }
}

async function misread(wires: Line, model: StoredModel): Promise<string | undefined> {
  const { status, text } = await wires.send({
    method: 'GET',
    target: `/model/info?litellm_model_id=${encodeURIComponent(model.id)}`,
    headers: { authorization: `Bearer ${masterKey}` },
  })
  if (status !== 200) return `what was stored cannot be read: ${status} ${text}`
  const { data } = JSON.parse(text) as { readonly data: readonly JsonObject[] }
  return wrongReading(model, data[0] ?? {})
}

function wrongCreation(wire: Wire, { text }: Answer, { id, deployment }: StoredModel): string | undefined {
  if (!wire.target.startsWith('/model/new')) return undefined
  const { model_id: made } = JSON.parse(text) as { readonly model_id: string }
  if (made !== id) return 'the answer names another model than was stored'
  let sent: unknown
  try {
    sent = JSON.parse(wire.body?.toString() ?? '')
  } catch {
    // It was compressed, or in another character set.
    return undefined
  }
  return isJsonObject(sent) ? wrongStoring(sent, deployment as JsonObject) : 'stored what was no object'
}

function described({ method, target, headers, body }: Wire): string {
  return `${method} ${target} ${JSON.stringify(headers)} ${JSON.stringify(body?.subarray(0, 1000).toString('latin1'))}`
}
