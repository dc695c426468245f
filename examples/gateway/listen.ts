import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SetupError } from './settings'
import type { Settings } from './settings'

type Address = Pick<Settings, 'host' | 'port'>

/** Resolves with the URL under which this machine reaches the server. */
export async function listen(server: Server, { host, port }: Address): Promise<string> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, { host, port })
  }
  const { address, family, port: actual } = server.address() as AddressInfo
  const reachable = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${reachable}]` : reachable}:${actual}`
}

function explained(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SetupError(`port ${port} of ${host} is in use. Stop what uses it, or choose another PORT.`)
    case 'EACCES':
      return new SetupError(`port ${port} may not be used by this user. Choose a PORT above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SetupError(
        `HOST ${host} is not an address of this machine. Try 127.0.0.1, or 0.0.0.0 for all.`,
      )
    default:
      return error
  }
}

/** How long answers under way may take once the process is asked to end. */
const patienceMs = 10_000

/** On SIGTERM or SIGINT: takes no more calls, lets those under way finish, then closes the rest. A second signal kills. */
export function stopOnSignal(server: Server, close: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(server, close))
}

async function stop(server: Server, close: () => Promise<void>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that was busy then is kept open by its client when it falls idle.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  const impatience = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(impatience)
  await close()
  console.log('The gateway has stopped.')
}
