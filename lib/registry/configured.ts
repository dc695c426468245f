import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ModelSource } from '../adapters/adapter'
import type { Config } from '../config/load-config'
import type { ConfigRow } from '../config/rows'
import { canonicalJson } from '../json'
import { configRow } from './row'
import type { Row } from './row'

/** What the config file says of models, as rows. */
export function configuredRows(config: Config | undefined, source: ModelSource): readonly Row[] {
  return ownRows(config, source).map(({ id, deployment }) =>
    configRow(id, deployment, canonicalJson(deployment)),
  )
}

/** The file's models, but for those that the adapter keeps in the very same file: these are stored ones. */
function ownRows(config: Config | undefined, { file }: ModelSource): readonly ConfigRow[] {
  const { rows = [], files: [main = ''] = [] } = config ?? {}
  if (file === undefined) return rows
  const own = realPathOf(file)
  return rows.filter(({ where }) => realPathOf(resolve(dirname(main), where.file)) !== own)
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    // Not there yet: then it is no other file either.
    return resolve(file)
  }
}
