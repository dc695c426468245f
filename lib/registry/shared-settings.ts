import { isWritable } from '../adapters/adapter'
import type { ModelSource } from '../adapters/adapter'
import { ModelManagementError } from '../errors'
import type { JsonObject, JsonValue } from '../json'

/** Writes under way: each replaces all settings, so that two at a time would lose one. */
const underWay = new WeakMap<ModelSource, Promise<void>>()

/** Whether instances share what is set at run time. */
export function hasSharedSettings(source: ModelSource): boolean {
  return isWritable(source) && source.writeSettings !== undefined
}

export async function readSettings(source: ModelSource): Promise<JsonObject | null> {
  return (await source.readSettings?.()) ?? null
}

/** Changes one member of the shared settings; a source that has none is left alone. Throws `storage_unavailable`. */
export function writeSetting(source: ModelSource, member: string, value: JsonValue): Promise<void> {
  const write = async (): Promise<void> => {
    if (!isWritable(source) || source.writeSettings === undefined) return
    try {
      await source.writeSettings({ ...(await readSettings(source)), [member]: value })
    } catch (cause) {
      throw new ModelManagementError(
        'storage_unavailable',
        'The model store did not take the change, so that other instances do not know of it.',
        { cause },
      )
    }
  }
  const mine = (underWay.get(source) ?? Promise.resolve()).then(write)
  underWay.set(
    source,
    mine.catch(() => {}),
  )
  return mine
}
