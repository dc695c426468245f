import { createServer, request } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RawAnswer {
  readonly status: number | undefined
  readonly text: string
}

/** A request just as it is written: no client tidies up its path or joins its headers. */
export async function rawRequest(
  app: RequestListener,
  method: string,
  path: string,
  headers: readonly string[] = [],
): Promise<RawAnswer> {
  const server = createServer(app)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    return await new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: ['Host', 'gateway.example', 'Connection', 'close', ...headers],
      })
      asked.on('error', reject)
      asked.on('response', (response: IncomingMessage) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => void (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode, text }))
      })
      asked.end()
    })
  } finally {
    await new Promise((resolve) => void server.close(resolve))
  }
}
