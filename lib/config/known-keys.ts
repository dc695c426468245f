import { mapFields } from '../model-info/litellm-names'
import { nearestName } from '../options/check'
import { fieldsOf } from '../schema/coerce'
import { schemas } from '../schema/schemas'
import keys from './litellm-keys.json'

/** A mapping of the config file whose keys are names. */
export type Section =
  | 'sections'
  | 'general_settings'
  | 'router_settings'
  | 'litellm_settings'
  | 'entry'
  | 'litellm_params'
  | 'model_info'

interface KnownKeys {
  /** What a misspelled name may have been meant as. */
  readonly likely: ReadonlySet<string>
  /** All that are no mistake. */
  readonly all: ReadonlySet<string>
}

/** What LiteLLM's users write for another name that no spelling is near to. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['sections.models', 'model_list'],
  ['sections.credentials', 'credential_list'],
  ['sections.env', 'environment_variables'],
  ['entry.name', 'model_name'],
  ['entry.params', 'litellm_params'],
  ['entry.info', 'model_info'],
])

const words = (text: string): readonly string[] => text.split(' ')

/** Functions of constant data, as is the memo below; built once somebody has a config file. */
const bySection = new Map<Section, KnownKeys>()

function keysOf(section: Section): KnownKeys {
  const known = bySection.get(section) ?? gather(section)
  bySection.set(section, known)
  return known
}

function gather(section: Section): KnownKeys {
  switch (section) {
    case 'entry': {
      const likely = new Set(fieldsOf(schemas['deployment']).keys())
      return { likely, all: likely }
    }
    case 'litellm_params':
    case 'model_info': {
      const own = fieldsOf(schemas[section === 'model_info' ? 'model-info' : 'litellm-params']).keys()
      const likely = new Set([...own, ...words(keys[section]), ...mapFields])
      const more = [keys.litellm_params, keys.model_info, keys.more_params, keys.more_info].flatMap(words)
      return { likely, all: new Set([...likely, ...more]) }
    }
  }
  const likely = new Set(words(keys[section]))
  return { likely, all: likely }
}

/** The name that was meant by a key that LiteLLM does not know; `undefined` where it is known, or like no other. */
export function intendedKey(section: Section, key: string): string | undefined {
  const { likely, all } = keysOf(section)
  if (all.has(key)) return undefined
  return synonyms.get(`${section}.${key}`) ?? nearestName(key, likely) ?? nearestName(perToken(key), likely)
}

/** LiteLLM's prices are per token; providers publish them per million. */
function perToken(key: string): string {
  if (!/cost|price/i.test(key)) return key
  return key.replace(/(?<=_|^)(?:1m|1k|\d{4,}|mega|kilo|million|thousand)_(?=tokens?)|m(?=tok)/i, '')
}
