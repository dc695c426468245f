import type { ModelSource } from '../adapters/adapter'
import type { Config } from '../config/load-config'
import { ModelManagementError } from '../errors'
import { jsonEquals } from '../json'
import type { JsonValue } from '../json'
import type { Logger } from '../logger'
import { faultOf } from './fault'
import { hasSharedSettings, readSettings, writeSetting } from './shared-settings'

/** The public names that everybody finds in the model hub: as the API set them, else as the config file does. */
export interface PublicGroups {
  /** The same set until the names change. */
  names(): ReadonlySet<string>
  /** Sets them on every instance. Throws `writes_disabled` where storage cannot keep them. */
  set(names: readonly string[]): Promise<void>
  /** Looks at what other instances set. Called after every full read of storage. */
  follow(): void
  /** What a read under way fails with from now on is not logged. */
  close(): void
  /** Takes the names of the config file. */
  configure(config: Config | undefined): void
}

export interface PublicGroupsParts {
  readonly source: ModelSource
  readonly logger: Logger
  /** Throws while this instance may not or cannot write. */
  readonly assertWritable: () => void
}

const member = 'public_model_groups'

export function createPublicGroups({ source, logger, assertWritable }: PublicGroupsParts): PublicGroups {
  let configured: readonly string[] = []
  let stored: readonly string[] | undefined
  let current: ReadonlySet<string> = new Set()
  // A read that began before a write does not undo it.
  let writes = 0
  let closed = false

  function update(): void {
    const names = stored ?? configured
    if (!jsonEquals([...current], [...new Set(names)])) current = new Set(names)
  }

  async function take(): Promise<void> {
    const before = writes
    const settings = await readSettings(source)
    if (writes !== before) return
    stored = namesIn(settings?.[member])
    update()
  }

  return {
    names: () => current,
    async set(names) {
      assertWritable()
      if (!hasSharedSettings(source))
        throw new ModelManagementError(
          'writes_disabled',
          `The adapter '${source.name}' cannot keep which model groups are public. List them in the config file under litellm_settings.public_model_groups.`,
        )
      writes++
      await writeSetting(source, member, [...names])
      writes++
      stored = names
      update()
    },
    follow() {
      void take().catch((error: unknown) => {
        if (closed) return
        const { code, message } = faultOf(error)
        logger.error({ code, message }, 'the public model groups could not be read; the last known ones stay')
      })
    },
    close() {
      closed = true
    },
    configure(config) {
      configured = namesIn(config?.litellmSettings[member]) ?? []
      update()
    },
  }
}

/** Undefined for what is no list; members that are no names are left out, since foreign hands may have been there. */
function namesIn(value: JsonValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined
}
