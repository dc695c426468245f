import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between a client and its server, and fails as networks and servers do. */
export interface SilentProxy {
  /** The same URL by way of the proxy. */
  url(of: string): string
  /** Connections stay open and nothing passes any more, as behind a router that has forgotten them. New ones work. */
  silence(): void
  /** Ends all connections. */
  cut(): void
  /** Ends all connections, and new ones at once. The port is kept, lest somebody else takes it. */
  stop(): void
  /** Takes connections again. */
  start(): void
  /** How many clients are connected. */
  clients(): number
  /** Ends everything. */
  close(): Promise<void>
}

export async function silentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const near = new Set<Socket>()
  let stopped = false
  /** Those made up to here are silent. */
  let silent = 0
  let made = 0

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }

  function pass(client: Socket): void {
    if (stopped) return void client.destroy()
    near.add(keep(client).on('close', () => near.delete(client)))
    const mine = (made += 1)
    const passes = (): boolean => mine > silent
    const far = keep(connect(Number(port), hostname))
    for (const [from, to] of [
      [client, far],
      [far, client],
    ] as const) {
      from.on('data', (data) => passes() && to.write(data)).on('end', () => passes() && to.end())
      from.on('close', () => passes() && to.destroy())
    }
  }

  const server = createServer({ allowHalfOpen: true }, pass).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: at } = server.address() as AddressInfo

  const proxy: SilentProxy = {
    url(of) {
      const url = new URL(of)
      url.host = `127.0.0.1:${at}`
      return url.href
    },
    silence() {
      silent = made
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    stop() {
      stopped = true
      proxy.cut()
    },
    start() {
      stopped = false
    },
    clients: () => near.size,
    async close() {
      const closed = once(server, 'close')
      server.close()
      // Connections that the server has taken already may still come.
      proxy.stop()
      await closed
    },
  }
  return proxy
}
