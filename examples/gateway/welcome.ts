import { join } from 'node:path'
import type { KeyEntry, ModelRegistry, SetAside, Status } from 'express-model-management'
import { developmentKey } from './development-key'
import type { Settings } from './settings'
import { storageName } from './storage'

export interface Facts {
  readonly settings: Settings
  readonly url: string
  readonly keys: readonly KeyEntry[]
  /** True while the development key is the master key. */
  readonly isDevelopment: boolean
  readonly registry: ModelRegistry
}

/** What whoever starts the gateway wants to know. It holds no key but the development key. */
export function welcome({ settings, url, keys, isDevelopment, registry }: Facts): string {
  const status = registry.status()
  const [inFile = 0, inDatabase = 0] = (['config', 'adapter'] as const).map(
    (kind) => status.sources.find((source) => source.kind === kind)?.rows,
  )
  return `
The gateway listens on ${url}

  CONFIG_FILE_PATH    ${settings.configFile}: ${counted(inFile, 'model')}
  ${settings.databaseUrl === undefined ? 'MODELS_DB   ' : 'DATABASE_URL'}        ${storageName(settings)}: ${counted(inDatabase, 'model')}
  KEYS_FILE           ${settings.keysFile ?? 'not set'}: ${counted(keys.length, 'key')} beside the master key
  LITELLM_MASTER_KEY  ${masterKey(settings, isDevelopment)}
  Models              ${names(registry)}
  Documentation       ${join(__dirname, 'README.md')}
${cautions(status, isDevelopment)}
Try, in another terminal: list the models, add one, ask it.

${curlLines(url, isDevelopment ? developmentKey : '$LITELLM_MASTER_KEY')
  .map((line) => `  ${line}\n`)
  .join('\n')}
Ctrl-C stops the gateway; the models that were added stay.`
}

function names(registry: ModelRegistry): string {
  const all = [...new Set(registry.list().map((model) => model.model_name))]
  const shown = all.slice(0, 10).join(', ')
  return all.length > 10 ? `${shown} and ${all.length - 10} more` : shown || 'none yet'
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function masterKey({ masterKey: own }: Settings, isDevelopment: boolean): string {
  if (isDevelopment) return `not set: the development key ${developmentKey} is used`
  return own === undefined ? "not set: the config file's master_key is used" : 'set'
}

function cautions({ set_aside, unset_references, warnings }: Status, isDevelopment: boolean): string {
  const unset = unset_references.join(', ')
  const lines = [
    ...(isDevelopment
      ? [
          `Everybody knows the key ${developmentKey}: set LITELLM_MASTER_KEY before others can reach this gateway.`,
        ]
      : []),
    ...(unset === ''
      ? []
      : [`${unset}: not set, though models refer to it; their provider will refuse them.`]),
    ...set_aside.map(notServed),
    ...warnings,
  ]
  return lines.map((line) => `\n  ! ${line}`).join('') + (lines.length > 0 ? '\n' : '')
}

function notServed({ where, id, problems }: SetAside): string {
  const reasons = problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
  return `Not served: ${id ?? 'a model'} in ${where}: ${reasons}`
}

function curlLines(url: string, key: string): readonly string[] {
  const authorization = `-H "Authorization: Bearer ${key}"`
  const post = (path: string, body: object): string =>
    `curl -s ${url}${path} ${authorization} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
  const added = { model: 'openai/echo', api_base: `${url}/local/v1` }
  return [
    `curl -s ${url}/model/info ${authorization}`,
    post('/model/new', { model_name: 'my-echo', litellm_params: added }),
    post('/v1/chat/completions', { model: 'my-echo', messages: [{ role: 'user', content: 'Hello' }] }),
  ]
}
