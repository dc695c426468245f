import type { CostMap } from '../model-info/cost-map'
import type { Options } from '../options'
import type { TimeSlices } from '../time-slices'
import { listing } from './listing'
import type { Listing, QualifyName } from './listing'
import { givenNames, knownModels } from './wildcard-names'

export interface ConfiguredListingParts {
  readonly options: Pick<Options, 'expandWildcard' | 'limits' | 'logger' | 'wildcards'>
  readonly costMap: () => CostMap
  readonly slices: TimeSlices
  readonly qualify: QualifyName
}

/** The listing that the options describe. */
export function createListing({ options, costMap, slices, qualify }: ConfiguredListingParts): Listing {
  const { expandWildcard, limits, logger, wildcards } = options
  return listing({
    slices,
    policy: wildcards,
    maxExpandedNames: limits.maxExpandedNames,
    maxNameLength: limits.maxNameLength,
    qualify,
    expand: expandWildcard === undefined ? knownModels(costMap) : givenNames(expandWildcard, logger),
  })
}
