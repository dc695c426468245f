import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'
import type { JsonObject } from '../../lib/json'

export interface InjectedRequest {
  readonly method: string
  readonly url: string
  readonly key: string
  readonly body?: JsonObject | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface InjectedReply {
  readonly status: number
  readonly etag: string | undefined
  readonly text: string
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** One request to a Node listener without a network between: for specs that ask tens of thousands of times. */
export function inject(
  listener: Listener,
  { method, url, key, body, headers }: InjectedRequest,
): Promise<InjectedReply> {
  const request = new IncomingMessage(new Socket())
  const sent = body === undefined ? undefined : JSON.stringify(body)
  Object.assign(request, { method, url, httpVersion: '1.1' })
  Object.assign(request.headers, { authorization: `Bearer ${key}`, ...headers })
  if (sent !== undefined) {
    request.headers['content-type'] = 'application/json'
    request.headers['content-length'] = String(Buffer.byteLength(sent))
    request.push(sent)
  }
  request.push(null)

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const response = new ServerResponse(request)
    const wire = new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(Buffer.from(chunk))
        done()
      },
    })
    response.assignSocket(wire as Socket)
    response.once('error', reject).once('finish', () => resolve(replyIn(Buffer.concat(chunks).toString())))
    listener(request, response)
  })
}

function replyIn(raw: string): InjectedReply {
  const end = raw.indexOf('\r\n\r\n')
  const [line = '', ...headers] = raw.slice(0, end).split('\r\n')
  const etag = headers.find((header) => /^etag:/i.test(header))?.slice('etag:'.length)
  return { status: Number(line.split(' ')[1]), etag: etag?.trim(), text: raw.slice(end + 4) }
}
