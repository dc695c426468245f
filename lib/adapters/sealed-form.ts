import { isJsonObject, jsonEquals, type JsonObject } from '../json'
import type { Deployment } from './adapter'

/**
 * How a sealed deployment is kept: a deployment itself, so that every adapter can keep it. The name stands in clear for
 * those who look at the storage; everything, the name included, is inside of the text.
 */
export function sealedForm(modelName: unknown, text: string): Deployment {
  return {
    model_name: typeof modelName === 'string' ? modelName : '',
    litellm_params: { sealed: text },
    model_info: {},
  }
}

/** The sealed text of a deployment; undefined when it is not sealed. It must never be taken for a plain deployment. */
export function sealedText(deployment: unknown): string | undefined {
  if (!isJsonObject(deployment)) return undefined
  const params = deployment['litellm_params']
  const text = isJsonObject(params) ? params['sealed'] : undefined
  return typeof text === 'string' && /^sealed:v\d+:/.test(text) ? text : undefined
}

/** Whether all around the text is what `sealedForm` made, that is, nobody wrote there. */
export function isUntouched(deployment: unknown, content: JsonObject, text: string): boolean {
  return jsonEquals(deployment, sealedForm(content['model_name'], text))
}
