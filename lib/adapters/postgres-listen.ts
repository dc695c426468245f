import { randomUUID } from 'node:crypto'
import type { ChangeListener, WatchFault } from './adapter'
import type { Connections, Dedicated } from './postgres-connections'
import { within } from './within'

export interface ListenOptions {
  readonly connections: Connections
  readonly schema: string
  /** How often to ask whether the connection still listens. */
  readonly heartbeatMs: number
  /** What to tell of notes heard, and `'all'` after every reconnect. */
  readonly tell: ChangeListener
  /** Called when reconnecting fails, and with `null` when it has succeeded after that. */
  readonly onFault: WatchFault
}

export interface Listening {
  stop(): void
}

const channel = 'express_model_management'
const answerMs = { least: 500, most: 5000 }
/** A server that is back is heard again within the longest of these. */
const retryMs = { first: 100, most: 2000 }
const unlistenTries = 20

interface Link extends Dedicated {
  /** Resolves with the session that listens. */
  listening?: Promise<unknown>
}

/**
 * Listens on a connection of its own until it is stopped. A note is only a hint; what counts is read from the table.
 *
 * Rejects, and leaves nothing running, when the first attempt fails. From then on it reconnects by itself.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { connections, schema, heartbeatMs, tell, onFault } = options
  const patienceMs = Math.min(Math.max(heartbeatMs, answerMs.least), answerMs.most)
  let current: Link | undefined
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
      await unlisten(link)
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
  async function connected(): Promise<Link> {
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
  async function prove(link: Link): Promise<void> {
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
    link.listening = inSession(link, `listen ${channel}`)
    await within(patienceMs, link.listening, 'LISTEN')
    await within(patienceMs, connections.pool.query('select pg_notify($1, $2)', [channel, probe]), 'NOTIFY')
    await within(patienceMs, heard, 'a note from another connection')
  }

  /**
   * Behind a transaction pooler the session that listens is not this connection's: it stays in the pool, and would be told of
   * every change for as long as it lives. A pooler may hand out others first.
   */
  async function unlisten(link: Link): Promise<void> {
    const attempt = async (): Promise<void> => {
      const session = await link.listening
      for (let tries = 0; tries < unlistenTries; tries += 1)
        if ((await inSession(link, `unlisten ${channel}`)) === session) return
    }
    await within(patienceMs, attempt(), 'UNLISTEN').catch(() => {})
  }

  function receive(payload: string | undefined): void {
    const note = parse(payload)
    if ('probe' in note || ('schema' in note && note.schema !== schema)) return
    if (isTexts(note.ids)) tell(note.ids, isTextsOrNull(note.revisions) ? note.revisions : undefined)
    else tell('all')
  }

  /** A connection whose other side is gone looks open for ever; only a question that stays unanswered tells. */
  async function beat(link: Link): Promise<void> {
    const question = `select from pg_listening_channels() as listening where listening = '${channel}'`
    try {
      const { rows } = await within(patienceMs, link.client.query(question), 'a heartbeat')
      if (rows.length === 0) lose(link)
      else if (current === link) after(heartbeatMs, () => beat(link))
    } catch {
      lose(link)
    }
  }

  function lose(link: Link): void {
    if (current !== link) return
    current = undefined
    clearTimeout(timer)
    link.drop()
    retry()
  }

  function retry(): void {
    // Half of the wait is chance, so that many gateways do not come back to a restarted server at once.
    const ms = Math.min(retryMs.first * 2 ** failures++, retryMs.most) * (0.5 + Math.random() / 2)
    after(ms, () => connect().then(reconnected, failed))
  }

  function reconnected(): void {
    if (current === undefined) return
    onFault(null)
    tell('all')
  }

  function failed(error: unknown): void {
    if (stopped) return
    onFault(error)
    retry()
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

/** Resolves with what names the session: of one text, all statements go to the same one, whatever pooler is in between. */
async function inSession({ client }: Dedicated, sql: string): Promise<unknown> {
  const results = (await client.query(`${sql}; select pg_backend_pid() as session`)) as unknown
  const { rows } = [results].flat().at(-1) as { readonly rows: readonly { readonly session: unknown }[] }
  return rows[0]?.session
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
