import type { ConfigFile } from '../config/config-file'
import type { Options } from '../options'
import type { Environment } from '../yaml/environment'

/** The administrator's key, wherever it is configured. */
export interface MasterKey {
  /** The last one that could be used; undefined where there never was one. */
  current(): string | undefined
  /** What is wrong with the one that the config file names, as `is empty`; undefined where it can, or where none is named. */
  problem(): string | undefined
}

interface FileKey {
  readonly key?: string
  readonly problem?: string
}

/**
 * Follows the option, else the config file, else `LITELLM_MASTER_KEY`. A key that goes away, or cannot be used any more, stays in
 * use: a gateway that loses it would be open to whatever comes next, or closed to everybody.
 */
export function masterKeyOf(
  { auth, logger }: Pick<Options, 'auth' | 'logger'>,
  environment: Environment,
  config: ConfigFile | undefined,
): MasterKey {
  const option = typeof auth === 'object' ? usable(auth.masterKey) : undefined
  if (option !== undefined) return { current: () => option, problem: () => undefined }

  let named = keyIn(config)
  let inFile = named.key
  let told = named.problem
  // A file that names a key which cannot be used is no reason to take another one.
  const mayLookOutside = named.problem === undefined
  let outside: string | undefined

  const current = (): string | undefined => {
    if (inFile !== undefined || !mayLookOutside) return inFile
    outside = usable(environment('LITELLM_MASTER_KEY')) ?? outside
    return outside
  }

  config?.onChange(() => {
    named = keyIn(config)
    inFile = named.key ?? inFile
    const isGone = named.key === undefined && inFile !== undefined
    const why = named.problem ?? (isGone ? 'is gone' : undefined)
    if (why !== undefined && why !== told)
      logger.warn({}, keyWarning(why, current() === undefined ? none : kept))
    told = why
  })

  return { current, problem: () => named.problem }
}

/** What the log says of a key that cannot be used. */
export function keyWarning(problem: string, consequence = none): string {
  return `general_settings.master_key of the config file ${problem}. ${consequence}`
}

const none = 'There is no master key until that is corrected.'
const kept = 'The last good master key stays in use until the file has another one, or this process ends.'

function keyIn(config: ConfigFile | undefined): FileKey {
  if (config === undefined) return {}
  const { generalSettings, unsetSettings } = config.current()
  const unset = unsetSettings.find(({ path }) => path === 'master_key')
  if (unset !== undefined) {
    // Somebody may have written the key itself there.
    const variable = /^\w{1,64}$/.test(unset.variable) ? `variable ${unset.variable}` : 'a variable'
    return { problem: `refers to ${variable}, which is not set` }
  }
  const key = generalSettings['master_key'] ?? undefined
  if (key === undefined) return {}
  if (typeof key !== 'string') return { problem: 'is not a text: put it in quotes' }
  return usable(key) === undefined ? { problem: 'is empty' } : { key }
}

/** An empty key, as an empty variable makes it, is none. */
export function usable(key: string | undefined): string | undefined {
  return key?.trim() === '' ? undefined : key
}
