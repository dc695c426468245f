import { ModelManagementError } from '../errors'
import { isJsonObject, type JsonObject } from '../json'
import type { ModelDraft, StoredModel } from './adapter'
import { keyIdOf, type KeyRing } from './key-ring'
import type { LitellmCipher } from './litellm-cipher'
import { isUntouched, sealedForm, sealedText } from './sealed-form'

/** Models on their way into storage and out of it. */
export interface SealedModels {
  seal(draft: ModelDraft): ModelDraft
  /** In place of a deployment that cannot be opened stands an error that says why. */
  open(model: StoredModel): StoredModel
  /** Whether the model is sealed with the key that seals now. */
  isCurrent(model: StoredModel): boolean
  /** Throws `key_ring` when models are sealed and not a single one opens: then the keys are wrong, not the models. */
  assertKeys(models: readonly StoredModel[]): void
}

/** Without a cipher for what LiteLLM has encrypted, models that are not sealed do not open at all. */
export function sealedModels(ring: KeyRing, litellm: LitellmCipher | undefined, where: string): SealedModels {
  function open(model: StoredModel): StoredModel {
    // An adapter may hand back anything: the core sets it aside and says so.
    if (!isJsonObject(model)) return model
    const text = sealedText(model.deployment)
    const deployment = text === undefined ? openPlain(model) : openSealed(model, text)
    return { ...model, deployment }
  }

  /** Written before sealing was switched on, copied from LiteLLM, or past the gateway. */
  function openPlain({ id, deployment }: StoredModel): unknown {
    if (litellm === undefined)
      return problem(
        id,
        "It is stored in clear, and option 'plainRows' of sealed() is 'refuse': somebody has written it past the gateway. " +
          "Delete it, or, if it is yours, start once with 'accept' and seal it by rotate().",
      )
    if (!isJsonObject(deployment)) return deployment
    const opened = litellm.open(deployment)
    if (opened.unopened.length === 0) return opened.deployment
    return problem(
      id,
      `LiteLLM encrypted ${opened.unopened.join(', ')} of litellm_params and they do not open. ` +
        "Give LITELLM_SALT_KEY (or, where LiteLLM had none, its master key) as 'litellmSaltKey' of sealed().",
    )
  }

  function openSealed({ id, deployment }: StoredModel, text: string): unknown {
    const keyId = keyIdOf(text)
    if (keyId === undefined)
      return problem(id, 'The sealed text is damaged, or a newer version of this package wrote it.')
    if (!ring.ids.includes(keyId))
      return problem(
        id,
        `It was sealed with key '${keyId}', which is not among the keys (${ring.ids.join(', ')}). ` +
          "Add that key at the end of 'keys' of sealed(), or delete the model and create it again.",
      )
    const json = ring.open(text, id)
    if (json === undefined)
      return problem(
        id,
        `It does not open with key '${keyId}': the key has another secret now, or the text was changed or moved here ` +
          'from another model. Give the key its secret back, or delete the model and create it again.',
      )
    const content = JSON.parse(json) as JsonObject
    if (isUntouched(deployment, content, text)) return content
    return problem(
      id,
      'It was edited in storage, where a sealed model cannot be edited. Undo that, and change it by the API.',
    )
  }

  return {
    seal: (draft) => {
      const text = ring.seal(JSON.stringify(draft.deployment), draft.id)
      return { ...draft, deployment: sealedForm(draft.deployment.model_name, text) }
    },
    open,
    isCurrent({ deployment }) {
      return keyIdOf(sealedText(deployment) ?? '') === ring.first
    },
    assertKeys(models) {
      const sealed = models.filter((model) => sealedText(Object(model).deployment) !== undefined)
      if (sealed.length === 0 || sealed.some((model) => !isProblem(open(model).deployment))) return
      const used = new Set(
        sealed.map(({ deployment }) => keyIdOf(sealedText(deployment) ?? '') ?? 'an unreadable one'),
      )
      throw new ModelManagementError(
        'key_ring',
        `No sealed model of '${where}' opens (there are ${sealed.length}). Sealed with key: ${[...used].join(', ')}. ` +
          `Keys given: ${ring.ids.join(', ')}. Add the missing key at the end of 'keys' of sealed(), with the secret it ` +
          'had. If that is lost, so are the models: remove them from the storage and create them again.',
      )
    },
  }
}

/** What stands in place of a deployment that cannot be opened. */
export function isProblem(deployment: unknown): deployment is ModelManagementError {
  return deployment instanceof ModelManagementError
}

function problem(id: string, message: string): ModelManagementError {
  return new ModelManagementError('key_ring', message, { id })
}
