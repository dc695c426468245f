import { shownCredential } from '../../registry/credentials'
import type { Context, Reply } from '../call'

/** GET /credentials: the credentials of the config file, with their secrets masked. */
export function listCredentials({ registry }: Context): Reply {
  return {
    status: 200,
    body: { success: true, credentials: registry.credentials.list().map(shownCredential) },
  }
}
