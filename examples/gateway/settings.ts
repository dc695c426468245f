import { join, resolve } from 'node:path'

/** What the environment says, each with its default. */
export interface Settings {
  readonly port: number
  readonly host: string
  readonly configFile: string
  readonly databaseFile: string
  /** A PostgreSQL URL, instead of the file. */
  readonly databaseUrl: string | undefined
  /** The key under which models are sealed. */
  readonly saltKey: string | undefined
  readonly keysFile: string | undefined
  readonly masterKey: string | undefined
}

/** A mistake of whoever starts the gateway: its message says what is wrong, where, and what to do. */
export class SetupError extends Error {}

/** An empty variable counts as one that is not set. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined
  const keysFile = read('KEYS_FILE')
  return {
    port: portFrom(read('PORT') ?? '4000'),
    host: read('HOST') ?? '127.0.0.1',
    configFile: resolve(read('CONFIG_FILE_PATH') ?? join(__dirname, 'config.yaml')),
    databaseFile: resolve(read('MODELS_DB') ?? join(__dirname, 'models.db')),
    databaseUrl: databaseUrlFrom(read('DATABASE_URL')),
    saltKey: read('LITELLM_SALT_KEY'),
    keysFile: keysFile === undefined ? undefined : resolve(keysFile),
    masterKey: read('LITELLM_MASTER_KEY'),
  }
}

function databaseUrlFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text
  throw new SetupError(
    'DATABASE_URL is not a postgres:// URL: give one, or unset it to keep models in MODELS_DB.',
  )
}

function portFrom(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new SetupError(`PORT is '${text}': give a whole number from 1 to 65535, or 0 for any free port.`)
}
