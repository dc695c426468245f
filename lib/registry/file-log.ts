import type { Config } from '../config/load-config'
import type { Options } from '../options'
import { asideLog } from './aside-log'

/** Status has them all. */
const shown = 5

/** Says, in one line for each kind, what the config file holds that has no effect or perhaps another one than meant. */
export function createFileLog({ logger, adapter }: Pick<Options, 'logger' | 'adapter'>) {
  const reportAside = asideLog(logger, 'the config file')
  const last = new Map<string, string>()

  function report(entries: readonly string[], message: string): void {
    const text = JSON.stringify(entries)
    if (entries.length > 0 && last.get(message) !== text)
      logger.warn({ count: entries.length, first: entries.slice(0, shown) }, message)
    last.set(message, text)
  }

  return (file: Config | undefined): void => {
    reportAside(file?.setAside ?? [])
    const warnings = [...(file?.warnings ?? []), ...(adapter === undefined ? databaseWarnings(file) : [])]
    report(warnings, 'the config file has mistakes that keep nothing from being served; status tells of each')
    report(
      file?.ignoredSettings ?? [],
      'the config file has settings that have no effect here; status lists them as ignored_settings',
    )
  }
}

/** What LiteLLM would keep models in, where this gateway has nothing to keep them in. */
export function databaseWarnings(file: Config | undefined): readonly string[] {
  const { database_url: url, store_model_in_db: stores } = file?.generalSettings ?? {}
  const name = url != null && url !== '' ? 'database_url' : stores === true ? 'store_model_in_db' : undefined
  if (name === undefined) return []
  return [
    `general_settings.${name} does not choose a database here: models added at run time are lost by a restart until the option 'adapter' is given, as postgresAdapter({ url }).`,
  ]
}
