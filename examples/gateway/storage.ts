import { postgresAdapter, sealed, sqliteAdapter } from 'express-model-management'
import type { ModelAdapter } from 'express-model-management'
import type { Settings } from './settings'

/** Where models added at run time are kept: PostgreSQL for several gateways, else a SQLite file; sealed when there is a key. */
export function storageFrom({ databaseUrl, databaseFile, saltKey }: Settings): ModelAdapter {
  const plain =
    databaseUrl === undefined ? sqliteAdapter({ file: databaseFile }) : postgresAdapter({ url: databaseUrl })
  return saltKey === undefined ? plain : sealed(plain, { keys: saltKey, litellmSaltKey: saltKey })
}

/** What the welcome calls it; never the URL, which may hold a password. */
export function storageName({ databaseUrl, databaseFile, saltKey }: Settings): string {
  const place = databaseUrl === undefined ? databaseFile : `PostgreSQL on ${new URL(databaseUrl).host}`
  return saltKey === undefined ? place : `${place}, sealed`
}
