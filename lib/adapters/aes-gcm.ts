import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const nothing: Buffer = Buffer.alloc(0)

/** Nonce, ciphertext and tag. Only with the same key and bound data does it open again. */
export function encipher(content: string, key: Buffer, boundTo = nothing): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo)
  return Buffer.concat([nonce, cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Undefined when it does not open. */
export function decipher(sealed: Buffer, key: Buffer, boundTo = nothing): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const nonce = sealed.subarray(0, nonceBytes)
  const opening = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo)
  opening.setAuthTag(sealed.subarray(-tagBytes))
  const content = opening.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    return Buffer.concat([content, opening.final()]).toString('utf8')
  } catch {
    // Another key, other bound data or a changed byte: node:crypto does not say which.
    return undefined
  }
}

/** The key that a secret text stands for; another one for each `info`, none of which tells anything of the others. */
export function derivedKey(secret: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, nothing, info, 32))
}
