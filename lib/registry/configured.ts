import { createHmac, randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { ModelSource } from '../adapters/adapter'
import type { Config } from '../config/load-config'
import type { ConfigRow } from '../config/rows'
import { canonicalJson } from '../json'
import { realPathOf } from '../yaml/read-files'
import { configRow } from './row'
import type { Row } from './row'

/** What the config file says of models, as rows. */
export type Configured = (config: Config | undefined) => readonly Row[]

export function configured(source: ModelSource): Configured {
  // Revisions leave the process, and a hash alone would tell who guesses a short secret that the guess is right.
  const salt = randomBytes(32)
  const revisionOf = ({ deployment }: ConfigRow): string =>
    createHmac('sha256', salt).update(canonicalJson(deployment)).digest('base64url')
  return (config) => ownRows(config, source).map((row) => configRow(row.id, row.deployment, revisionOf(row)))
}

/** The file's models, but for those that the adapter keeps in the very same file: these are stored ones. */
function ownRows(config: Config | undefined, { file }: ModelSource): readonly ConfigRow[] {
  if (config === undefined || file === undefined) return config?.rows ?? []
  const {
    rows,
    files: [main = ''],
  } = config
  const own = realPathOf(file)
  return rows.filter(({ where }) => realPathOf(resolve(dirname(main), where.file)) !== own)
}
