import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter, StoredModel } from '../../lib/adapters/adapter'
import { canonicalJson, isJsonObject } from '../../lib/json'
import type { JsonObject } from '../../lib/json'
import type { RouterOptions } from '../../lib/options'
import { findCanaries } from '../support/canary'
import { loggerInto, masterKey } from '../support/app'
import type { LogLine } from '../support/app'
import { counted, fileContent, gateway } from './host'
import type { Gateway } from './host'
import { wrongAnswer, wrongReading, wrongStoring } from './invariants'
import { currentRevision, keys } from './requests'
import { sendBytes } from './wire'
import type { Answer, Line, Wire } from './wire'

export interface World {
  /** Sends the request; what is wrong with what came of it, or undefined. */
  try(wire: Wire): Promise<string | undefined>
  /** Sends all of them at one time; the same for what came of that. */
  tryTogether(wires: readonly Wire[]): Promise<string | undefined>
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

export interface WorldOptions extends Pick<RouterOptions, 'wildcards'> {
  /** Where the config file is put. */
  readonly folder: string
}

/** Two gateways over one storage, each with an adapter of its own, and one config file; watched while they are asked in turns. */
export async function worldOver(
  open: () => ModelAdapter,
  { folder, wildcards = 'show' }: WorldOptions,
): Promise<World> {
  const config = join(folder, 'config.yaml')
  writeFileSync(config, JSON.stringify(fileContent))
  const log: LogLine[] = []
  const options = {
    config,
    wildcards,
    expandWildcard: () => ['openai/gpt-4', 'openai/x', 'gpt-4', 'm'],
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
  } satisfies RouterOptions
  const [{ adapter, idle }, others] = [counted(open()), counted(open())]
  const gateways = [
    await gateway({ ...options, adapter }),
    await gateway({ ...options, adapter: others.adapter }),
  ] as const
  const loose: string[] = []
  const onLoose = (reason: unknown): void => void loose.push(`unhandled rejection: ${String(reason)}`)
  process.on('unhandledRejection', onLoose)
  let asked = 0
  const asking = (at = asked): Gateway => gateways[at % 2 === 0 ? 0 : 1]
  let before = await contentOf(adapter)

  /** What storage has now that it did not have when it was looked at last; undefined while that is the same. */
  async function news(): Promise<readonly StoredModel[] | undefined> {
    const after = await contentOf(adapter)
    const seen = new Map(before.models.map((model) => [model.id, model.revision]))
    const isSame = after.text === before.text
    before = after
    return isSame ? undefined : after.models.filter((model) => seen.get(model.id) !== model.revision)
  }

  async function consequences(wire: Wire, answer: Answer): Promise<string | undefined> {
    const changed = await news()
    if (changed === undefined) return undefined
    if (wire.method === 'GET' || answer.status >= 300)
      return `storage changed although the answer was ${answer.status}`
    for (const model of changed) {
      // The other gateway has to know by now.
      const wrong = (await misread(asking(asked + 1).wires, model)) ?? wrongCreation(wire, answer, model)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  /** Of requests that were under way at one time: which of them did what is not known, but what is there now is. */
  async function outcome(sent: readonly Wire[], answers: readonly Answer[]): Promise<string | undefined> {
    const changed = await news()
    if (changed === undefined) return undefined
    if (!sent.some(({ method }, at) => method !== 'GET' && (answers[at]?.status ?? 500) < 300))
      return 'storage changed although nothing was done'
    for (const [at, model] of changed.entries()) {
      const wrong = await misread(asking(at).wires, model)
      if (wrong !== undefined) return wrong
    }
    for (const { router, wires } of gateways) {
      await router.registry.reload()
      const wrong = mislisted(await listed(wires))
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  /** Where the list shows other stored models than there are, or in another order. */
  function mislisted(shown: readonly string[]): string | undefined {
    const ids = before.models.map(({ id }) => id)
    // A pattern that is expanded may stand for nothing that has no row of its own.
    const expected = wildcards === 'show' ? ids : ids.filter((id) => shown.includes(id))
    return shown.join() === expected.join()
      ? undefined
      : `${shown.join()} are listed, ${ids.join()} are stored`
  }

  function asSent(wire: Wire): Wire {
    if (wire.headers['if-match'] !== currentRevision) return wire
    const revision = before.models[asked % Math.max(1, before.models.length)]?.revision ?? '1'
    return { ...wire, headers: { ...wire.headers, 'if-match': `"${revision}"` } }
  }

  async function clearLarge(): Promise<void> {
    if (before.models.length > mostModels) await clear()
  }

  async function clear(): Promise<void> {
    const admin = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' }
    for (const { id } of await adapter.list()) {
      const body = Buffer.from(JSON.stringify({ id }))
      await asking(0).wires.send({ method: 'POST', target: '/model/delete', headers: admin, body })
    }
    before = await contentOf(adapter)
  }

  /** What went wrong beside the answer. */
  function aside(): string | undefined {
    const lines = log.splice(0)
    // Status is the same after most requests, and the dearest thing to look at.
    const status = asked++ % 50 === 0 || lines.length > 0 ? asking().router.registry.status() : null
    const leaked = findCanaries(JSON.stringify([lines, status]))
    if (leaked.length > 0) return `a canary was logged or is in status: ${JSON.stringify(lines)}`
    return loose.splice(0)[0]
  }

  return {
    async try(given) {
      const wire = asSent(given)
      try {
        const answer = await asking().wires.send(wire)
        const left = await consequences(wire, answer)
        const wrong = wrongAnswer(wire, answer) ?? left ?? aside()
        await clearLarge()
        return wrong === undefined
          ? undefined
          : `${described(wire)}\n  ${answer.status} ${wrong.slice(0, 2000)}`
      } catch (error) {
        return `${described(wire)}\n  ${String(error)}`
      }
    },
    async tryTogether(given) {
      const sent = given.map(asSent)
      const told = (wrong: string): string => `${sent.map(described).join('\n')}\n  ${wrong.slice(0, 2000)}`
      try {
        const answers = await Promise.all(sent.map((wire, at) => asking(at).wires.send(wire)))
        const left = await outcome(sent, answers)
        const wrong = sent.map((wire, at) => wrongAnswer(wire, answers[at]!)).find((one) => one !== undefined)
        await clearLarge()
        const found = wrong ?? left ?? aside()
        return found === undefined
          ? undefined
          : told(`${answers.map(({ status }) => status).join()} ${found}`)
      } catch (error) {
        return told(String(error))
      }
    },
    async tryBytes(bytes) {
      const text = await sendBytes(asking().port, bytes)
      // Whoever hung up is not waited for, and what was asked may be done all the same.
      await Promise.all([idle(), others.idle()])
      before = await contentOf(adapter)
      const wrong = /^HTTP\/1.1 5|x-host: error/i.test(text) ? text : aside()
      return wrong === undefined ? undefined : `${JSON.stringify(bytes.toString('latin1'))}\n  ${wrong}`
    },
    clear,
    async close() {
      process.off('unhandledRejection', onLoose)
      for (const one of gateways) await one.close()
    },
  }
}

async function contentOf(adapter: ModelAdapter): Promise<{ models: readonly StoredModel[]; text: string }> {
  const models = await adapter.list()
  return { models, text: canonicalJson([...models]) }
}

/** The ids of the stored models in the list, each once. */
async function listed(wires: Line): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${masterKey}` }
  const { text } = await wires.send({ method: 'GET', target: '/model/info', headers })
  const { data } = JSON.parse(text) as {
    readonly data: readonly { readonly model_info: { readonly id: string; readonly db_model: boolean } }[]
  }
  const stored = data.filter(({ model_info: info }) => info.db_model)
  return [...new Set(stored.map(({ model_info: info }) => info.id))]
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
