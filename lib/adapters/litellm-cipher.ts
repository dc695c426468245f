import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../json'
import { decipher, derivedKey } from './aes-gcm'

/** Opens what LiteLLM encrypted. Its oldest form, without a prefix, cannot be told from other text and is not read. */
export interface LitellmCipher {
  /** The deployment with its encrypted params opened; the names of those that do not open, if there are any. */
  open(deployment: JsonObject): { readonly deployment: JsonObject; readonly unopened: readonly string[] }
}

const encrypted = /^(v[23]):gcm:([\w-]+=*)$/

/** Without a salt key nothing opens: that a value is encrypted is known all the same. */
export function litellmCipher(saltKey: string | undefined): LitellmCipher {
  const keys: Readonly<Record<string, Buffer>> =
    saltKey === undefined
      ? {}
      : { v2: createHash('sha256').update(saltKey).digest(), v3: derivedKey(saltKey, 'litellm-at-rest-v3') }

  function openText(text: string): string | undefined {
    const [, version = '', body = ''] = encrypted.exec(text) ?? []
    const key = keys[version]
    // LiteLLM binds a value to nothing.
    return key && decipher(Buffer.from(body, 'base64url'), key)
  }

  return {
    open(deployment) {
      const params = deployment['litellm_params']
      // LiteLLM encrypts each text directly inside of the params and nothing else.
      if (!isJsonObject(params) || !Object.values(params).some(isEncrypted))
        return { deployment, unopened: [] }
      const unopened: string[] = []
      const opened = Object.entries(params).map(([name, value]) => {
        if (!isEncrypted(value)) return [name, value] as const
        const text = openText(value)
        if (text === undefined) unopened.push(name)
        return [name, text ?? null] as const
      })
      return { deployment: { ...deployment, litellm_params: Object.fromEntries(opened) }, unopened }
    },
  }
}

function isEncrypted(value: unknown): value is string {
  return typeof value === 'string' && encrypted.test(value)
}
