import type { Request, Response } from 'express'
import type { Reply } from './call'
import { encodings } from './encodings'

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
    const plain = reply.bytes ?? Buffer.from(JSON.stringify(reply.body))
    // What has a validator is asked for again.
    const shorter =
      reply.etag === undefined ? undefined : encoded.of(plain, request.headers['accept-encoding'])
    if (shorter !== undefined) {
      headers['Content-Encoding'] = shorter.coding
      // Other bytes, another validator: a strong one promises that they are equal.
      headers['ETag'] = `${reply.etag?.slice(0, -1)}-${shorter.coding}"`
    }
    const { bytes } = shorter ?? { bytes: plain }
    headers['Content-Type'] = 'application/json'
    headers['Content-Length'] = bytes.length
    response.writeHead(reply.status, headers).end(bytes)
  }
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
