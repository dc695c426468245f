import { ModelManagementError } from '../errors'
import type { ModelAdapter, Refusal, Write, WriteResult } from './adapter'
import { adapter as isAdapter, assertOptions } from '../options/check'
import { inSlices } from '../time-slices'
import { checkedSource } from './checked-source'
import { keyRing, secretsIn, type SealingKeys } from './key-ring'
import { litellmCipher } from './litellm-cipher'
import { withOwnSecrets } from './own-secrets'
import { rotateAll, type Rotation } from './rotate'
import { sealedModels } from './sealed-models'

export interface SealedOptions {
  /** The first seals; the others open what they sealed before. Each needs a secret of at least 16 characters. */
  readonly keys: SealingKeys
  /**
   * `LITELLM_SALT_KEY` of the LiteLLM that rows were copied from: opens its `v2:gcm:` and `v3:gcm:` values.
   * @default none
   */
  readonly litellmSaltKey?: string | undefined
  /**
   * What becomes of models that are stored in clear. Once `rotate()` has sealed all of them, `'refuse'` sets one aside that
   * somebody has written past the gateway; with it `rotate()` leaves them as they are too.
   * @default 'accept'
   */
  readonly plainRows?: 'accept' | 'refuse' | undefined
}

/** An adapter whose storage holds no secret in clear. */
export interface SealedAdapter extends ModelAdapter {
  init(): Promise<void>
  /**
   * Seals all with the first key that are not yet: those of older keys, of LiteLLM and plain ones. Reads and writes may go
   * on; nothing but the sealed text changes, and with it the revision. Needs all instances to have the first key already.
   *
   * Rejects when storage fails; called again it goes on where it was.
   */
  rotate(progress?: (rotation: Rotation) => void): Promise<Rotation>
}

/**
 * Encrypts every deployment before `adapter` sees it: AES-256-GCM, bound to the id of the model. In clear are its id, its
 * name, `blocked` and the audit fields, and the settings, which hold no secrets. Models stored before are read as they are
 * and sealed by their next write, unless `plainRows` is `'refuse'`.
 *
 * Throws `invalid_option`; `init()` rejects with `key_ring` when nothing that is sealed can be opened.
 */
export function sealed(given: ModelAdapter, options: SealedOptions): SealedAdapter {
  const wanted = isAdapter(given)
  if (wanted !== undefined) throw invalid('adapter', `What sealed() is given first must be ${wanted}.`)
  const adapter = checkedSource(given)
  const { keys, litellmSaltKey, plainRows } = checked(options)
  const litellm = plainRows === 'refuse' ? undefined : litellmCipher(litellmSaltKey)
  const models = sealedModels(keyRing(keys), litellm, adapter.name)
  const { close, ping, revisions, version, watch, readSettings, writeSettings, batch } = adapter

  const open = <R extends Refusal>(result: WriteResult<R>): WriteResult<R> =>
    result.ok ? { ok: true, model: models.open(result.model) } : result
  const seal = (write: Write): Write =>
    write.kind === 'delete' ? write : { ...write, draft: models.seal(write.draft) }

  const secrets = [...secretsIn(keys), litellmSaltKey]
  const sealing: SealedAdapter = {
    get name() {
      return adapter.name
    },
    get durable() {
      return adapter.durable
    },
    // Else the models of a config.yaml would be taken for those of the config, ciphertext and all.
    ...(adapter.file !== undefined && { file: adapter.file }),
    async init() {
      await adapter.init?.()
      models.assertKeys(await adapter.list())
    },
    async list() {
      return inSlices(await adapter.list(), models.open)
    },
    async get(id) {
      const model = await adapter.get(id)
      return model && models.open(model)
    },
    async create(draft) {
      return open(await adapter.create(models.seal(draft)))
    },
    async update(draft, condition) {
      return open(await adapter.update(models.seal(draft), condition))
    },
    async delete(id, condition) {
      return open(await adapter.delete(id, condition))
    },
    rotate: (progress = () => {}) => rotateAll(adapter, models, progress),
    // What the adapter cannot do is absent here too. It may be a class, so each is called on the adapter.
    ...(close && { close: () => close.call(adapter) }),
    ...(ping && { ping: () => ping.call(adapter) }),
    ...(revisions && { revisions: (ids) => revisions.call(adapter, ids) }),
    ...(version && { version: () => version.call(adapter) }),
    ...(watch && { watch: (...listeners) => watch.apply(adapter, listeners) }),
    // Settings hold no secrets: in clear, they can be read by whoever looks at the storage, and need no rotation.
    ...(readSettings && { readSettings: () => readSettings.call(adapter) }),
    ...(writeSettings && { writeSettings: (settings) => writeSettings.call(adapter, settings) }),
    ...(batch && {
      async batch(writes) {
        const result = await batch.call(adapter, writes.map(seal))
        return result.ok ? { ok: true, models: result.models.map(models.open) } : result
      },
    }),
  }
  return withOwnSecrets(sealing, secrets, given)
}

const known: readonly string[] = ['keys', 'litellmSaltKey', 'plainRows']

function checked(options: SealedOptions): SealedOptions {
  assertOptions(options, 'sealed', known, 'adapter, { keys: process.env.SEALING_KEY }')
  const { litellmSaltKey: salt, plainRows = 'accept' } = options
  if (salt !== undefined && (typeof salt !== 'string' || salt === ''))
    throw invalid('litellmSaltKey', "Option 'litellmSaltKey' of sealed() must be a non-empty string.")
  if (plainRows !== 'accept' && plainRows !== 'refuse')
    throw invalid('plainRows', "Option 'plainRows' of sealed() must be 'accept' or 'refuse'.")
  return options
}

function invalid(param: string, message: string): ModelManagementError {
  return new ModelManagementError('invalid_option', message, { param })
}
