import type { Request, Response } from 'express'
import type { Reply } from './call'
import { encodings, lengthOf } from './encodings'

/** Writes an answer, or that it is the one the client has. */
export type Send = (request: Request, response: Response, reply: Reply) => void

const vary = 'Accept-Encoding'

export function sender(): Send {
  const encoded = encodings()

  return (request, response, reply) => {
    if (response.headersSent || response.destroyed) return
    const etag = reply.etag ?? (reply.revision === undefined ? undefined : `"${reply.revision}"`)
    const headers: Record<string, string | number> = {
      ...reply.headers,
      // What one caller sees is not what another does.
      'Cache-Control': 'private, no-cache',
      ...(etag === undefined ? {} : { ETag: etag }),
    }
    if (reply.etag !== undefined) {
      const others = response.getHeader('Vary')
      headers['Vary'] = others === undefined ? vary : [others, vary].flat().join(', ')
      const known = matching(request.headers['if-none-match'], reply.etag)
      if (known !== undefined) {
        response.writeHead(304, { ...headers, ETag: known }).end()
        return
      }
    }
    const plain = reply.parts ?? [Buffer.from(JSON.stringify(reply.body))]
    // What has a validator is asked for again.
    const shorter =
      reply.etag === undefined ? undefined : encoded.of(plain, reply.etag, request.headers['accept-encoding'])
    if (shorter !== undefined) {
      headers['Content-Encoding'] = shorter.coding
      // Other bytes, another validator: a strong one promises that they are equal.
      headers['ETag'] = `${reply.etag?.slice(0, -1)}-${shorter.coding}"`
    }
    const { parts } = shorter ?? { parts: plain }
    headers['Content-Type'] = 'application/json'
    headers['Content-Length'] = lengthOf(parts)
    response.writeHead(reply.status, headers)
    write(request, response, parts)
  }
}

/** Copying a little is faster than sending it in pieces. */
const mostCopied = 64 * 1024

function write({ method }: Request, response: Response, parts: readonly Buffer[]): void {
  if (method === 'HEAD') return void response.end()
  const [first, ...others] =
    lengthOf(parts) <= mostCopied && parts.length > 1 ? [Buffer.concat(parts)] : parts
  if (others.length === 0) return void response.end(first)
  response.write(first)
  for (const part of others) response.write(part)
  response.end()
}

/** The one of the client's validators that is of this content, in whatever encoding it was received. */
function matching(header: string | undefined, etag: string): string | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return etag
  return header
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .find((one) => one.replace(/-(br|gzip)"$/, '"') === etag)
}
