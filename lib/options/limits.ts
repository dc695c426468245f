import { checkMembers, count } from './check'
import type { Checks } from './check'

/** How much one gateway takes. What is more is refused with an error that names the limit; only a page says that it is smaller. */
export interface Limits {
  /** Models that may be added at run time; those of the config file do not count. @default 100000 */
  readonly maxModels?: number | undefined
  /** Models that one team may have. @default 1000 */
  readonly maxModelsPerTeam?: number | undefined
  /** Bytes of all models that were added at run time, as they are kept in memory. @default 268435456 */
  readonly maxBytes?: number | undefined
  /** Bytes of the models of one team. @default 16777216 */
  readonly maxBytesPerTeam?: number | undefined
  /** Writes under way at one time; the next one is answered with 503 and `Retry-After`. @default 64 */
  readonly maxConcurrentWrites?: number | undefined
  /** Characters of one text in a body, names included. @default 100000 */
  readonly maxTextLength?: number | undefined
  /** Characters of a model's name and of a key in a body. @default 256 */
  readonly maxNameLength?: number | undefined
  /** Values of a body and of a model: the members of all its objects and lists, those in texts of JSON included. @default 25000 */
  readonly maxValues?: number | undefined
  /** Addresses in one write that the URL policy is asked about. @default 5000 */
  readonly maxAddresses?: number | undefined
  /** Characters of a key in a header; a longer one is unknown without being looked at. @default 8192 */
  readonly maxKeyLength?: number | undefined
  /** Characters of a request's path. @default 2048 */
  readonly maxPathLength?: number | undefined
  /** Models on one page of `/v2/model/info`; who asks for more gets this `size`, as LiteLLM's clients expect no error. @default 1000 */
  readonly maxPageSize?: number | undefined
  /** Names that the patterns in a list, as `openai/*`, stand for together; a pattern beyond that is listed as itself. @default 10000 */
  readonly maxExpandedNames?: number | undefined
}

/** The limits as the package uses them. */
export type GivenLimits = { readonly [K in keyof Limits]-?: number }

const checks: Checks<Limits> = {
  maxModels: count,
  maxModelsPerTeam: count,
  maxBytes: count,
  maxBytesPerTeam: count,
  maxConcurrentWrites: count,
  maxTextLength: count,
  maxNameLength: count,
  maxValues: count,
  maxAddresses: count,
  maxKeyLength: count,
  maxPathLength: count,
  maxPageSize: count,
  maxExpandedNames: count,
}

/** Throws `invalid_option`. */
export function resolveLimits(given: Limits): GivenLimits {
  checkMembers(given, checks, 'limits.')
  return Object.freeze({
    maxModels: given.maxModels ?? 100_000,
    maxModelsPerTeam: given.maxModelsPerTeam ?? 1000,
    maxBytes: given.maxBytes ?? 256 * 1024 * 1024,
    maxBytesPerTeam: given.maxBytesPerTeam ?? 16 * 1024 * 1024,
    maxConcurrentWrites: given.maxConcurrentWrites ?? 64,
    maxTextLength: given.maxTextLength ?? 100_000,
    maxNameLength: given.maxNameLength ?? 256,
    maxValues: given.maxValues ?? 25_000,
    maxAddresses: given.maxAddresses ?? 5000,
    maxKeyLength: given.maxKeyLength ?? 8192,
    maxPathLength: given.maxPathLength ?? 2048,
    maxPageSize: given.maxPageSize ?? 1000,
    maxExpandedNames: given.maxExpandedNames ?? 10_000,
  })
}
