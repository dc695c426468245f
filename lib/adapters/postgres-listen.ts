import { randomUUID } from 'node:crypto'
import type { ChangeListener } from './adapter'
import type { Connections, Dedicated } from './postgres-connections'
import { within } from './within'

export interface ListenOptions {
  readonly connections: Connections
  readonly schema: string
  /** How often to ask whether the connection still listens. */
  readonly heartbeatMs: number
  /** What to tell of notes heard, and `'all'` after every reconnect. */
  readonly tell: ChangeListener
}

export interface Listening {
  stop(): void
}

const channel = 'express_model_management'
const answerMs = { least: 500, most: 5000 }
/** A server that is back is heard again within the longest of these. */
const retryMs = { first: 100, most: 2000 }

/**
 * Listens on a connection of its own until it is stopped. A note is only a hint; what counts is read from the table.
 *
 * Rejects, and leaves nothing running, when the first attempt fails. From then on it reconnects by itself.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { connections, schema, heartbeatMs, tell } = options
  const patienceMs = Math.min(Math.max(heartbeatMs, answerMs.least), answerMs.most)
  let current: Dedicated | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let stopped = false

  function after(ms: number, work: () => Promise<void>): void {
    if (stopped) return
    timer = setTimeout(() => void work(), ms)
    timer.unref()
  }

  async function connect(): Promise<void> {
    const link = await connected()
    try {
      await prove(link)
    } catch (error) {
      link.drop()
      throw error
    }
    if (stopped) return link.drop()
    current = link
    failures = 0
    link.client.on('error', () => lose(link))
    link.client.unref?.()
    after(heartbeatMs, () => beat(link))
  }

  /** A pool may have no time-out of its own, and hand out its connection long after nobody waits for it. */
  async function connected(): Promise<Dedicated> {
    const opening = connections.dedicated()
    try {
      return await within(answerMs.most, opening, 'connecting')
    } catch (error) {
      void opening.then(
        (link) => link.drop(),
        () => {},
      )
      throw error
    }
  }

  /** Sends a note from another connection: behind a transaction pooler, LISTEN succeeds and nothing is ever heard. */
  async function prove(link: Dedicated): Promise<void> {
    const { client } = link
    const probe = JSON.stringify({ probe: randomUUID() })
    const heard = new Promise<void>((resolve, reject) => {
      client.on('notification', ({ payload }) => {
        if (payload === probe) resolve()
        else if (current === link) receive(payload)
      })
      client.on('error', reject)
    })
    heard.catch(() => {})
    await within(patienceMs, client.query(`listen ${channel}`), 'LISTEN')
    await within(patienceMs, connections.pool.query('select pg_notify($1, $2)', [channel, probe]), 'NOTIFY')
    await within(patienceMs, heard, 'a note from another connection')
  }

  function receive(payload: string | undefined): void {
    const note = parse(payload)
    if ('probe' in note || ('schema' in note && note.schema !== schema)) return
    if (isTexts(note.ids)) tell(note.ids, isTextsOrNull(note.revisions) ? note.revisions : undefined)
    else tell('all')
  }

  /** A connection whose other side is gone looks open for ever; only a question that stays unanswered tells. */
  async function beat(link: Dedicated): Promise<void> {
    const question = `select from pg_listening_channels() as listening where listening = '${channel}'`
    try {
      const { rows } = await within(patienceMs, link.client.query(question), 'a heartbeat')
      if (rows.length === 0) lose(link)
      else if (current === link) after(heartbeatMs, () => beat(link))
    } catch {
      lose(link)
    }
  }

  function lose(link: Dedicated): void {
    if (current !== link) return
    current = undefined
    clearTimeout(timer)
    link.drop()
    retry()
  }

  function retry(): void {
    // Half of the wait is chance, so that many gateways do not come back to a restarted server at once.
    const ms = Math.min(retryMs.first * 2 ** failures++, retryMs.most) * (0.5 + Math.random() / 2)
    after(ms, () => connect().then(() => current && tell('all'), retry))
  }

  await connect()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      current?.drop()
      current = undefined
    },
  }
}

interface Note {
  readonly schema?: unknown
  readonly ids?: unknown
  readonly revisions?: unknown
}

/** Whatever is not ours to understand may mean anything. */
function parse(payload: string | undefined): Note {
  try {
    return Object(JSON.parse(payload ?? '')) as Note
  } catch {
    return {}
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return isTextsOrNull(value) && !value.includes(null)
}

function isTextsOrNull(value: unknown): value is readonly (string | null)[] {
  return Array.isArray(value) && value.every((one) => one === null || typeof one === 'string')
}
