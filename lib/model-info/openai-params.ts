import { providerFamily } from './providers'

/** LiteLLM's lists of OpenAI parameters: each list once as text, by provider and mode, and by model where it differs. */
export interface OpenaiParamsData {
  readonly lists: readonly string[]
  readonly providers: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly models: Readonly<Record<string, number>>
}

/**
 * The OpenAI parameters that a model takes: by its key in the cost map, else by its provider and mode; `null` when neither is known.
 * The lists are frozen.
 */
export type SupportedOpenaiParams = (
  key: string | undefined,
  provider: string | undefined,
  mode: unknown,
) => readonly string[] | null

const chatModes: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  'chat',
  'completion',
  'responses',
  'realtime',
])

const words = (text: string): readonly string[] => Object.freeze(text.split(' '))

/** What calls other than chat take in OpenAI's API. LiteLLM answers with the chat list here, which these calls do not take. */
const otherModes: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['embedding', words('dimensions encoding_format user timeout')],
  ['image_generation', words('n quality response_format size style user')],
  ['audio_transcription', words('language prompt response_format temperature timestamp_granularities')],
  ['audio_speech', words('voice response_format speed instructions')],
])

export function supportedOpenaiParams(data: OpenaiParamsData): SupportedOpenaiParams {
  const lists = data.lists.map(words)
  const ofProvider = (provider: string, mode: string): number | undefined =>
    own(own(data.providers, provider) ?? own(data.providers, providerFamily(provider)) ?? {}, mode)

  const isKnown = (provider: string): boolean =>
    Object.hasOwn(data.providers, provider) || Object.hasOwn(data.providers, providerFamily(provider))

  return (key, provider, mode) => {
    const isChat = chatModes.has(mode)
    const at =
      (key === undefined ? undefined : own(data.models, key)) ??
      (provider === undefined ? undefined : ofProvider(provider, isChat ? 'chat' : String(mode)))
    if (at !== undefined) return lists[at] ?? null
    return provider === undefined || isChat || !isKnown(provider) ? null : (otherModes.get(mode) ?? null)
  }
}

function own<V>(object: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
