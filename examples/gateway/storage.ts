import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { postgresAdapter, sealed, sqliteAdapter } from 'express-model-management'
import type { ModelAdapter } from 'express-model-management'
import { SetupError } from './settings'
import type { Settings } from './settings'

type Place = Pick<Settings, 'databaseUrl' | 'databaseFile' | 'saltKey'>

/**
 * Where models added at run time are kept: PostgreSQL for several gateways, else a SQLite file; sealed when there is a key.
 *
 * Throws for a file that cannot be one. A database that is down is waited for.
 */
export function storageFrom({ databaseUrl, databaseFile, saltKey }: Place): ModelAdapter {
  if (databaseUrl === undefined) checkFile(databaseFile)
  const plain =
    databaseUrl === undefined ? sqliteAdapter({ file: databaseFile }) : postgresAdapter({ url: databaseUrl })
  return saltKey === undefined ? plain : sealed(plain, { keys: saltKey, litellmSaltKey: saltKey })
}

/** What messages call it; never the URL, which may hold a password. */
export function storageName({ databaseUrl, databaseFile, saltKey }: Place): string {
  const place = databaseUrl === undefined ? databaseFile : `PostgreSQL on ${new URL(databaseUrl).host}`
  return saltKey === undefined ? place : `${place}, sealed`
}

/** The variable that says where it is. */
export function storageVariable({ databaseUrl }: Pick<Settings, 'databaseUrl'>): string {
  return databaseUrl === undefined ? 'MODELS_DB' : 'DATABASE_URL'
}

function checkFile(file: string): void {
  const folder = dirname(file)
  const problem = existsSync(folder) ? problemWith(file, folder) : `the folder ${folder} does not exist`
  if (problem !== undefined)
    throw new SetupError(`${problem}. Let MODELS_DB name a file in a folder that this user may write.`)
}

function problemWith(file: string, folder: string): string | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return `${file} is a folder`
  const needed = existsSync(file) ? file : folder
  try {
    accessSync(needed, constants.R_OK | constants.W_OK)
    return undefined
  } catch (error) {
    return `${needed} cannot be written by this user (${(error as NodeJS.ErrnoException).code})`
  }
}
