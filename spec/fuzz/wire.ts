import { Agent, request } from 'node:http'
import { connect } from 'node:net'

export interface Wire {
  readonly method: string
  /** Path and query, as they go over the wire. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Line {
  send(wire: Wire): Promise<Answer>
  close(): void
}

const boundMs = 10_000

/** Connections that are kept, one for each request under way; one without an answer in time rejects. */
export function line(port: number): Line {
  const agent = new Agent({ keepAlive: true })
  return {
    send: ({ method, target: path, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': String(body.length) }
        const options = { host: '127.0.0.1', port, agent, method, path, timeout: boundMs }
        const sent = request({ ...options, headers: { ...length, ...headers } }, (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const { statusCode = 0, headers: got } = response
            resolve({ status: statusCode, headers: got, text: Buffer.concat(parts).toString() })
          })
        })
        sent.on('timeout', () => sent.destroy(new Error(`no answer within ${boundMs} ms`)))
        sent.on('error', reject)
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** Sends these very bytes on a connection of their own; what came back when it ended, or all there was when it fell silent. */
export function sendBytes(port: number, bytes: Buffer, silenceMs = 50): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = connect({ host: '127.0.0.1', port })
    const done = (): void => {
      socket.destroy()
      resolve(Buffer.concat(parts).toString('latin1'))
    }
    socket.setTimeout(silenceMs, done)
    socket.on('data', (part) => parts.push(part))
    socket.on('error', done)
    socket.on('close', done)
    socket.on('connect', () => socket.end(bytes))
  })
}
