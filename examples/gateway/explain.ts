import { ModelManagementError } from 'express-model-management'
import type { ErrorCode } from 'express-model-management'
import { SetupError } from './settings'
import type { Settings } from './settings'

type Storage = Pick<Settings, 'databaseUrl'>

/** What to print of an error: the message alone where it says all. Anything else is a defect, and its stack is wanted. */
export function explained(error: unknown, storage: Storage): unknown {
  if (error instanceof SetupError) return error.message
  if (!(error instanceof ModelManagementError)) return error
  return withRemedy(error.message, remedyFor(error, storage))
}

/** What to do while storage cannot be read. */
export function storageRemedy({ databaseUrl }: Storage): string {
  return databaseUrl === undefined
    ? 'Let MODELS_DB name a file that this user may write.'
    : 'See that PostgreSQL runs there, and that DATABASE_URL is right.'
}

/** The message and what to do, as sentences. */
export function withRemedy(message: string, remedy = ''): string {
  return [message.replace(/[^.]$/, '$&.'), remedy].join(' ').trim()
}

/** Names the environment variable behind an option: the package does not know the variables of this example. */
function remedyFor({ code, param = '' }: ModelManagementError, storage: Storage): string | undefined {
  if (code === 'storage_unavailable') return storageRemedy(storage)
  if (code !== 'invalid_option') return remedies[code]
  const option = Object.keys(variables).find((name) => param.startsWith(name))
  return option === undefined ? undefined : `Correct ${variables[option]}.`
}

const remedies: Partial<Record<ErrorCode, string>> = {
  invalid_config: 'Correct that file, or let CONFIG_FILE_PATH name another.',
  key_ring: 'Set LITELLM_SALT_KEY to the key under which these models were sealed.',
}

/** By the first letters of the option that has a wrong value. */
const variables: Readonly<Record<string, string>> = {
  'auth.keys': 'KEYS_FILE',
  auth: 'LITELLM_MASTER_KEY',
  url: 'DATABASE_URL',
  keys: 'LITELLM_SALT_KEY',
  litellmSaltKey: 'LITELLM_SALT_KEY',
  file: 'MODELS_DB',
}
