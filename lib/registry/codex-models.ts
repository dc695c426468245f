import type { JsonObject, JsonValue } from '../json'
import type { Presenter } from '../model-info/present'
import { numberIn } from '../model-info/prices'
import { readyBytes } from './list-bytes'
import type { ReadyBytes } from './list-bytes'
import type { NameEntry } from './names'
import type { Row } from './row'

/** Codex ignores a catalog that is larger, without a message. */
const maxCatalogBytes = 1024 * 1024

/** Codex sends this to the model before the conversation; it has no default of its own for a model from a catalog. */
const instructions =
  'You are a coding agent in the Codex CLI, working in the user’s workspace. Read the code before you change it, ' +
  'keep changes small and consistent with their surroundings, verify them by running the project’s checks, ' +
  'and report briefly what you did and what remains.'

export interface CodexListing {
  /** Codex sorts its picker by it, ascending. */
  readonly priority: number
  readonly displayName: string
}

/**
 * A model as an entry of Codex's catalog, or undefined for one that Codex cannot drive. A capability counts only where no
 * deployment lacks it, since a request may reach any of them; every field that a release from 0.140 on requires is there.
 */
export function codexModel(
  { id, mode, max_input_tokens: listedLimit }: NameEntry,
  rows: readonly Row[],
  presenter: Presenter,
  { priority, displayName }: CodexListing,
): JsonObject | undefined {
  if (
    rows.length === 0 ||
    id.includes('*') ||
    !(mode === undefined || mode === 'chat' || mode === 'responses')
  )
    return undefined
  const shown = rows.map((row) => presenter.shown(row))
  const can = (flag: string): boolean | null => combine(shown.map((value) => value(flag)))
  const limits = shown
    .flatMap((value) => numberIn(value('max_input_tokens')) ?? [])
    .filter((limit) => limit > 0)
  const reasons = can('supports_reasoning')
  return {
    slug: id,
    display_name: displayName,
    description: null,
    supported_reasoning_levels: [],
    shell_type: 'unified_exec',
    visibility: 'list',
    supported_in_api: true,
    priority,
    service_tiers: [],
    availability_nux: null,
    upgrade: null,
    support_verbosity: false,
    ...(reasons === null ? {} : { supports_reasoning_summary_parameter: reasons }),
    supports_reasoning_summaries: reasons === true,
    supports_parallel_tool_calls: can('supports_parallel_function_calling') === true,
    default_verbosity: null,
    apply_patch_tool_type: can('supports_function_calling') === true ? 'freeform' : null,
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    input_modalities: can('supports_vision') === false ? ['text'] : ['text', 'image'],
    context_window: limits.length > 0 ? Math.min(...limits) : (listedLimit ?? null),
    base_instructions: instructions,
    supports_search_tool: false,
    use_responses_lite: false,
  }
}

/** `{"models":[…]}` with as many of the models, in their order, as Codex takes. */
export function codexModelList(models: readonly (JsonObject | undefined)[]): ReadyBytes {
  const head = '{"models":['
  let left = maxCatalogBytes - head.length - 2
  const texts = models.flatMap((model) => {
    if (model === undefined) return []
    const text = JSON.stringify(model)
    const size = Buffer.byteLength(text) + 1
    if (size > left) return []
    left -= size
    return [text]
  })
  return readyBytes(Buffer.from(`${head}${texts.join(',')}]}`))
}

/** False where one deployment lacks it, true where one has it and none lacks it, null where none says. */
function combine(values: readonly (JsonValue | undefined)[]): boolean | null {
  return values.includes(false) ? false : values.includes(true) ? true : null
}
