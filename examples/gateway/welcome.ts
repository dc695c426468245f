import { join } from 'node:path'
import type { KeyEntry, ModelRegistry, SetAside, Status } from 'express-model-management'
import { developmentKey } from './development-key'
import { storageRemedy, withRemedy } from './explain'
import type { Settings } from './settings'
import { storageName, storageVariable } from './storage'

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
  const [inFile = 0, inDatabase = 0] = (['config', 'adapter'] as const).map((kind) => rowsOf(status, kind))
  return `
The gateway listens on ${url}

  CONFIG_FILE_PATH    ${settings.configFile}: ${counted(inFile, 'model')}
  ${storageVariable(settings).padEnd(18)}  ${storageName(settings)}: ${status.ready ? counted(inDatabase, 'model') : 'not read yet'}
  KEYS_FILE           ${settings.keysFile ?? 'not set'}: ${counted(keys.length, 'key')} beside the master key
  LITELLM_MASTER_KEY  ${masterKey(settings, isDevelopment)}
  Models              ${status.ready ? names(registry) : 'not served yet'}
  Documentation       ${join(__dirname, 'README.md')}
${cautions(status, settings, isDevelopment)}
Try, in another terminal: list the models, add one, ask it.

${curlLines(url, isDevelopment ? developmentKey : '$LITELLM_MASTER_KEY')
  .map((line) => `  ${line}\n`)
  .join('\n')}
Ctrl-C stops the gateway; the models that were added stay.`
}

/** What is printed once the models are there, where the welcome could not wait. */
export function loadedLine({ settings, registry }: Pick<Facts, 'settings' | 'registry'>): string {
  const count = counted(rowsOf(registry.status(), 'adapter'), 'model')
  return `The models are served now. ${storageVariable(settings)} ${storageName(settings)}: ${count}`
}

function rowsOf({ sources }: Status, kind: 'config' | 'adapter'): number {
  return sources.find((source) => source.kind === kind)?.rows ?? 0
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
  if (own === developmentKey) return `set to ${developmentKey}, which everybody knows`
  if (own !== undefined) return 'set'
  return isDevelopment
    ? `not set: the development key ${developmentKey} is used`
    : "not set: the config file's master_key is used"
}

function cautions(status: Status, settings: Settings, isDevelopment: boolean): string {
  const { ready, last_error, set_aside, unset_references, warnings } = status
  const unset = unset_references.join(', ')
  const lines = [
    ...(isDevelopment
      ? [
          `Everybody knows the key ${developmentKey}: set LITELLM_MASTER_KEY before others can reach this gateway.`,
        ]
      : []),
    ...(ready
      ? []
      : [
          withRemedy(
            last_error?.message ?? `${storageName(settings)} has not answered yet`,
            storageRemedy(settings),
          ),
          'Until it can be read, every request for models is answered with 503; the gateway tries again by itself.',
        ]),
    ...(unset === ''
      ? []
      : [`${unset}: not set, though models refer to it; their provider will refuse them.`]),
    ...set_aside.map(notServed),
    ...warnings,
  ]
  return lines.map((line) => `\n  ! ${line}`).join('') + (lines.length > 0 ? '\n' : '')
}

function notServed({ where, id, name, problems }: SetAside): string {
  const reasons = problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
  return `Not served: ${id ?? name ?? 'a model'} in ${where}: ${reasons}`
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
