import { basename } from 'node:path'
import { isWritable } from '../adapters/adapter'
import type { CostMapStatus } from '../model-info/cost-map-keeper'
import { effectiveOptions } from './effective-options'
import type { EffectiveOption, OptionParts } from './effective-options'
import { unknownCredentialWarnings } from './credentials'
import type { Credentials } from './credentials'
import { faultOf } from './fault'
import type { Fault } from './fault'
import { databaseWarnings } from './file-log'
import type { Follower } from './follow'
import { deniedWarning } from './references'
import type { NumberWarnings } from './number-warnings'
import type { Patient } from './patience'
import type { References } from './references'
import type { SetAside } from './row'
import type { RowSet } from './row-set'
import { isTaken } from './snapshot'
import { unknownTeamsWarning } from './unknown-teams'
import type { View } from './view'

export interface SourceStatus {
  readonly name: string
  readonly kind: 'config' | 'adapter'
  /** False when a restart loses everything. */
  readonly durable: boolean
  readonly writable: boolean
  readonly rows: number
  /** ISO 8601; when it was last read whole. */
  readonly loaded_at: string | null
  readonly last_error: Fault | null
  /** Why the last write failed, as on a full disk; null once one succeeded again. */
  readonly last_write_error: Fault | null
}

/** What an operator wants to know of one instance. Holds no secret and no value of any row. */
export interface Status {
  /** True once everything was loaded for the first time. */
  readonly ready: boolean
  /** True while some source cannot be read, or does not answer, and its last good models are served. */
  readonly degraded: boolean
  /** Grows with every change on this instance; says nothing about other instances. */
  readonly revision: number
  readonly rows: number
  readonly sources: readonly SourceStatus[]
  /** Rows that are there but cannot be served. */
  readonly set_aside: readonly SetAside[]
  /** Ids that both the file and storage have; the file's row is served. */
  readonly conflicts: readonly string[]
  /** `os.environ/` names that rows and credentials of the file refer to and that are not set. */
  readonly unset_references: readonly string[]
  /** Settings of the config file that have no effect here, as `router_settings.routing_strategy`. */
  readonly ignored_settings: readonly string[]
  /** Things that work, but perhaps not as meant. */
  readonly warnings: readonly string[]
  readonly last_error: Fault | null
  readonly cost_map: CostMapStatus
  /** Rows that the cost map knows nothing about. */
  readonly rows_without_prices: number
  /** What is in effect, and why. */
  readonly options: Readonly<Record<string, EffectiveOption>>
}

export interface StatusParts extends OptionParts {
  readonly references: References
  readonly credentials: Credentials
  readonly view: View
  readonly follower: Follower
  readonly waiting: Patient
  readonly withoutPrices: RowSet
  readonly numberWarnings: NumberWarnings
}

export function statusOf(parts: StatusParts): Status {
  const { source, config, costMap, references, credentials, view, follower, waiting } = parts
  const { withoutPrices, numberWarnings } = parts
  const fault = follower.fault ?? waiting.fault()
  const { snapshot } = view
  const file = config?.current()
  const fileError = config?.lastError()
  const fileFault = fileError === undefined ? null : faultOf(fileError)
  const sources: SourceStatus[] = [
    {
      name: source.name,
      kind: 'adapter',
      durable: source.durable,
      writable: isWritable(source),
      rows: snapshot.stored.length - snapshot.shadowed.size,
      loaded_at: follower.loadedAt,
      last_error: fault,
      last_write_error: follower.writeFault,
    },
  ]
  if (file !== undefined)
    sources.unshift({
      name: basename(file.files[0] ?? 'config.yaml'),
      kind: 'config',
      durable: true,
      writable: false,
      rows: snapshot.configured.length,
      loaded_at: null,
      last_error: fileFault,
      last_write_error: null,
    })
  const unset = [
    ...(file?.rows ?? []).flatMap((row) => row.unsetReferences),
    ...(file?.unsetCredentials ?? []),
  ].map(({ variable }) => variable)
  const places = new Map(
    (file?.rows ?? []).map(({ id, where }) => [id, `${where.file}:${where.line}`] as const),
  )
  return {
    ready: follower.loaded,
    degraded: follower.loaded && (fault !== null || fileFault !== null),
    revision: snapshot.revision,
    rows: snapshot.rows.length,
    sources,
    set_aside: [...(file?.setAside ?? []), ...view.setAside],
    conflicts: [...snapshot.shadowed.keys()],
    unset_references: [...new Set(unset)],
    ignored_settings: file?.ignoredSettings ?? [],
    warnings: [
      ...(file?.warnings ?? []),
      ...(parts.options.adapter === undefined ? databaseWarnings(file) : []),
      ...snapshot.aliases
        .filter(({ alias, target }) => alias !== target && isTaken(snapshot, alias))
        .map(
          ({ alias }) =>
            `model_group_alias '${alias}' takes precedence over the model of that name while its target exists.`,
        ),
      ...unknownCredentialWarnings(
        snapshot.rows,
        credentials,
        references.inClear,
        ({ stored, id }) => (stored ? undefined : places.get(id)) ?? `model ${id}`,
      ),
      ...unknownTeamsWarning(snapshot.rows, parts.options.auth),
      ...references.deniedAmong(snapshot.stored).map(deniedWarning),
      ...snapshot.rows.flatMap(numberWarnings.find),
      ...(follower.hearingFault === null ? [] : [unheard(follower.hearingFault, parts.options.refreshMs)]),
      ...(source.durable
        ? []
        : [`Models added at run time are kept in '${source.name}': a restart loses them.`]),
    ],
    last_error: fault ?? fileFault,
    cost_map: costMap.status(),
    rows_without_prices: withoutPrices.current().count,
    options: effectiveOptions(parts),
  }
}

function unheard({ message }: Fault, refreshMs: number): string {
  return `Changes by other instances are not heard at once: ${message.replace(/\.$/, '')}. They are found by reading storage every ${refreshMs} ms (option 'refreshMs').`
}
