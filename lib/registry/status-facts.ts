import type { CostMap } from '../model-info/cost-map'
import type { TimeSlices } from '../time-slices'
import { createNumberWarnings } from './number-warnings'
import type { NumberWarnings } from './number-warnings'
import type { References } from './references'
import { createRowSet } from './row-set'
import type { RowSet } from './row-set'
import type { Snapshot } from './snapshot'

/** What status says of rows, known before it is asked for. */
export interface StatusFacts {
  readonly withoutPrices: RowSet
  readonly numberWarnings: NumberWarnings
  /** Looks at what changed, in slices. */
  prepare(): Promise<void>
}

export interface StatusFactsParts {
  readonly snapshot: () => Snapshot
  readonly costMap: () => CostMap
  readonly references: References
  readonly slices: TimeSlices
}

export function createStatusFacts(parts: StatusFactsParts): StatusFacts {
  const { snapshot, costMap, references, slices } = parts
  const numberWarnings = createNumberWarnings()
  const withoutPrices = createRowSet({
    snapshot,
    basis: costMap,
    test: ({ deployment }) => costMap().describe(deployment).entry === undefined,
    slices,
  })
  return {
    withoutPrices,
    numberWarnings,
    async prepare() {
      await withoutPrices.update()
      const { rows, stored } = snapshot()
      await slices.map(rows, numberWarnings.find)
      await slices.map(stored, references.find)
    },
  }
}
