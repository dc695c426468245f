import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { masterKey } from './app'

/** A loopback server that is spoken to by raw sockets. */
export interface RawServer {
  readonly server: Server
  /** The server's ends of all connections there ever were. */
  readonly accepted: readonly Socket[]
  connect(): Promise<Socket>
  /** Resolves when no connection is left. */
  deserted(): Promise<void>
}

const servers: Server[] = []

export async function rawServer(listener: RequestListener): Promise<RawServer> {
  const server = createServer(listener)
  servers.push(server)
  const accepted: Socket[] = []
  server.on('connection', (socket) => void accepted.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server,
    accepted,
    async connect() {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      // Both sides may hang up at any moment here.
      socket.on('error', () => {})
      await once(socket, 'connect')
      return socket
    },
    async deserted() {
      await Promise.all(accepted.filter(({ closed }) => !closed).map(closing))
    },
  }
}

export async function closeRawServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

/** The text of a request; `bytes` claims another length of the body than it has. */
export function request(method: string, path: string, body = '', bytes = Buffer.byteLength(body)): string {
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${masterKey}`,
    ...(bytes === 0 ? [] : ['Content-Type: application/json', `Content-Length: ${bytes}`]),
    '',
    body,
  ].join('\r\n')
}

/** Sends the request and resolves with the whole answer, whose length its header says. */
export async function ask(socket: Socket, text: string): Promise<string> {
  let answer = ''
  socket.setEncoding('latin1')
  const whole = new Promise<string>((resolve, reject) => {
    function read(chunk: string): void {
      answer += chunk
      if (!isWhole(answer)) return
      socket.off('data', read).off('close', broken)
      resolve(answer)
    }
    function broken(): void {
      reject(new Error(`closed after ${JSON.stringify(answer)}`))
    }
    socket.on('data', read).on('close', broken)
  })
  socket.write(text)
  return whole
}

/** Not by `events.once()`, which rejects for a connection that broke. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()))
}

function isWhole(answer: string): boolean {
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer) ?? []
  return length !== undefined && answer.length >= answer.indexOf('\r\n\r\n') + 4 + Number(length)
}
