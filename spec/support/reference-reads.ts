import type { JsonObject } from '../../lib/json'
import { groupsOf, price, publicName, served, shownParams, teamOf } from './reference-model'
import type { Expected, Reference } from './reference-model'
import { infoOf, least, modelOf, most, sum } from './reference-rows'
import type { Derived } from './reference-rows'
import type { CallerName, PageQuery } from './sequence-steps'

/** A row in a list: the deployment, the name it is listed by and the one it is called by. */
interface Listed {
  readonly row: Expected
  /** What administrators see, and what others see. */
  readonly names: readonly [own: string, open: string]
  /** By what else it may be granted. */
  readonly origins: readonly string[]
  /** Of all by one name those answer whose step is the lowest. */
  readonly step: number
}

/** A team's own name, an alias of a name, an alias of what fits a pattern, a name, what fits a pattern. */
const steps = { teamName: 0, alias: 1, aliasOfPattern: 2, name: 3, pattern: 4 }
const isAlias = ({ step }: Listed): boolean => step === steps.alias || step === steps.aliasOfPattern

const grants: Readonly<Record<Exclude<CallerName, 'master'>, readonly string[]>> = {
  narrow: ['known', 'group-1', 'openai/*'],
  team: ['claude', 'group-2'],
}
export const keys = {
  narrow: { userId: 'n', role: 'internal_user', models: grants.narrow },
  team: { userId: 'm', role: 'internal_user', teams: [{ id: 't', models: grants.team }] },
} as const

const openParams: ReadonlySet<string> = new Set(['model', 'rpm', 'temperature', price])
const unknownTime = 1_677_610_602
const fits = (pattern: string, name: string): boolean => pattern === 'openai/*' && name.startsWith('openai/')

/** Every row, then the aliases' rows. */
function listed(reference: Reference): readonly Listed[] {
  const aliased = reference.aliases
    .filter(({ alias, target, hidden }) => !hidden && !(alias === target && isTaken(reference, alias)))
    .flatMap(({ alias, target }) =>
      [...rowsNamed(reference, target), ...fitting(reference, target)].map((entry) => {
        const { row, names, origins } = entry
        const params = { model: names[1], ...row.params }
        return {
          row: { ...row, params },
          names: [alias, alias] as const,
          origins: [...origins, names[1]],
          step: entry.step === steps.pattern ? steps.aliasOfPattern : steps.alias,
        }
      }),
    )
  return [...served(reference).map(plain), ...aliased]
}

const plain = (row: Expected): Listed => ({
  row,
  names: [teamOf(row) === undefined ? row.name : publicName(row), publicName(row)],
  origins: [],
  step: steps.name,
})

function rowsNamed(reference: Reference, name: string): readonly Listed[] {
  return served(reference)
    .map(plain)
    .filter(({ row, names }) => (teamOf(row) === undefined ? names.includes(name) : names[1] === name))
}

/** The name by which a stored model is made a member of an access group: a team's own does not count where it is everybody's. */
export function memberName(reference: Reference, row: Expected): string {
  return teamOf(row) !== undefined && isTaken(reference, publicName(row)) ? row.name : publicName(row)
}

/** Whether a name is that of a model which is no team's own. */
function isTaken(reference: Reference, name: string): boolean {
  return rowsNamed(reference, name).some(({ row }) => teamOf(row) === undefined)
}

/** What patterns stand for by this name: by the one that the cost map has, also without its provider. */
function fitting(reference: Reference, name: string): readonly Listed[] {
  if (name.includes('*') || isTaken(reference, name)) return []
  const meant = name === 'known' ? 'openai/known' : name
  return served(reference)
    .filter((row) => fits(publicName(row), meant))
    .map((row) => {
      const model = ((row.params['model'] as string | undefined) ?? publicName(row)).replace(
        '*',
        meant.slice('openai/'.length),
      )
      const info = teamOf(row) === undefined ? row.info : { ...row.info, team_public_model_name: name }
      const called = { ...row, info, params: { ...row.params, model } }
      return { row: called, names: [name, name], origins: [publicName(row)], step: steps.pattern }
    })
}

function isGranted(entry: Listed, list: readonly string[]): boolean {
  const name = entry.names[1]
  const isListed = (one: string) => list.includes(one) || list.some((pattern) => fits(pattern, one))
  if (isAlias(entry)) return isListed(name)
  return [name, ...entry.origins].some(isListed) || groupsOf(entry.row).some((group) => list.includes(group))
}

function sees(caller: CallerName, entry: Listed): boolean {
  const team = teamOf(entry.row)
  if (caller === 'master') return team === undefined || !isAlias(entry)
  if (caller === 'team' && team !== undefined) return team === 't'
  return team === undefined && isGranted(entry, grants[caller])
}

const nameFor = (caller: CallerName, { names }: Listed): string => names[caller === 'master' ? 0 : 1]

export function reads(reference: Reference, derived: Derived, caller: CallerName) {
  const visible = listed(reference).filter((entry) => sees(caller, entry))
  const seen = [...visible, ...granted()]

  /** What the key's own list names and only a pattern answers to: of these names the cost map knows one provider. */
  function granted(): readonly Listed[] {
    const isListed = visible.some(({ names: both }) => both[1] === 'known') || isTaken(reference, 'known')
    if (caller !== 'narrow' || isListed || reference.aliases.some(({ alias }) => alias === 'known')) return []
    return fitting(reference, 'known').filter((entry) => sees(caller, entry))
  }

  function model(entry: Listed): JsonObject {
    const { row } = entry
    const params = Object.entries(shownParams(row)).filter(
      ([key]) => caller === 'master' || openParams.has(key),
    )
    const team = teamOf(row)
    const ids = caller === 'team' ? ['t'] : caller === 'master' && team !== undefined ? [team] : []
    const access = { direct_access: ids.length === 0, access_via_team_ids: ids }
    return {
      ...row.extras,
      model_name: nameFor(caller, entry),
      litellm_params: Object.fromEntries(params),
      model_info: { ...infoOf(row, derived), ...access },
    }
  }

  function entryOf(name: string, entries: readonly Listed[]): JsonObject | undefined {
    const [first, ...others] = entries.filter(({ row }) => !row.blocked)
    if (first === undefined) return undefined
    const rows = [first, ...others]
    const limit = (key: string) => most(rows.map(({ row }) => infoOf(row, derived)[key]))
    const mode = rows.map(({ row }) => infoOf(row, derived)['mode']).find((value) => value != null)
    const known = (['max_input_tokens', 'max_output_tokens'] as const).filter((key) => limit(key) !== null)
    return {
      id: name,
      object: 'model',
      created:
        first.row.createdAt === null ? unknownTime : Math.floor(Date.parse(first.row.createdAt) / 1000),
      owned_by: rows.map(providerOf).find((provider) => provider !== undefined) ?? 'openai',
      ...(mode === undefined ? {} : { mode }),
      ...Object.fromEntries(known.map((key) => [key, limit(key)])),
      ...(limit('max_input_tokens') === null ? {} : { context_length: limit('max_input_tokens') }),
    }
  }

  function groupOf(name: string, entries: readonly Listed[]): JsonObject {
    const infos = entries.map(({ row }) => infoOf(row, derived))
    const all = (key: string) => infos.map((info) => info[key])
    const rpm = entries.map(({ row }) => row.extras['rpm'] ?? row.params['rpm'])
    const flag = (key: string) => (all(key).includes(true) ? true : all(key).includes(false) ? false : null)
    const range = (key: string) => ({ min: least(all(key)), max: most(all(key)) })
    return {
      model_group: name,
      providers: [...new Set(entries.map(providerOf).filter((provider) => provider !== undefined))],
      max_input_tokens: most(all('max_input_tokens')),
      max_output_tokens: most(all('max_output_tokens')),
      input_cost_per_token: most(all(price)),
      output_cost_per_token: most(all('output_cost_per_token')),
      input_cost_per_pixel: null,
      mode: all('mode').find((mode) => mode != null) ?? 'chat',
      tpm: null,
      rpm: sum(rpm),
      itpm: null,
      otpm: null,
      supports_parallel_function_calling: flag('supports_parallel_function_calling'),
      supports_vision: flag('supports_vision'),
      supports_web_search: flag('supports_web_search'),
      supports_url_context: flag('supports_url_context'),
      supports_reasoning: flag('supports_reasoning'),
      supports_function_calling: flag('supports_function_calling'),
      supported_openai_params: all('supported_openai_params').findLast((list) => list != null) ?? [],
      configurable_clientside_auth_params: null,
      is_public_model_group: false,
      health_status: null,
      health_response_time: null,
      health_checked_at: null,
      token_limits: {
        max_input_tokens: range('max_input_tokens'),
        max_output_tokens: range('max_output_tokens'),
      },
    }
  }

  function named(): ReadonlyMap<string, readonly Listed[]> {
    const called = seen.filter(isCalled)
    const all = [...new Set(called.map((entry) => nameFor(caller, entry)))]
    return new Map(
      all.map((name) => [name, answering(called.filter((entry) => nameFor(caller, entry) === name))]),
    )
  }

  /** Administrators call no model of a team by its public name. */
  function isCalled({ row }: Listed): boolean {
    return caller !== 'master' || teamOf(row) === undefined
  }

  /** Of the rows by one name those that are called by it: of the first step, and a team's own before others. */
  function answering(entries: readonly Listed[]): readonly Listed[] {
    const stepOf = ({ row, step }: Listed): number =>
      step === steps.name && teamOf(row) !== undefined ? steps.teamName : step
    const first = Math.min(...entries.map(stepOf))
    const answers = entries.filter((entry) => stepOf(entry) === first)
    const own = answers.filter(({ row }) => teamOf(row) !== undefined)
    return own.length > 0 ? own : answers
  }

  return {
    /** GET /model/info */
    models: () => ({ data: seen.map(model) }),
    /** GET /model/info?litellm_model_id=…; undefined where the caller has none. */
    model(id: string) {
      const row = served(reference).findLast((one) => one.id === id)
      return row !== undefined && sees(caller, plain(row)) ? { data: [model(plain(row))] } : undefined
    },
    /** GET /v1/models */
    names: () => ({
      data: [...named()].flatMap(([name, entries]) => entryOf(name, entries) ?? []),
      object: 'list',
    }),
    /** GET /v1/models/… */
    name(name: string) {
      const own = named().get(name)
      const byPattern = fitting(reference, name).filter(
        (entry) => isCalled(entry) && sees(caller, entry) && nameFor(caller, entry) === name,
      )
      return entryOf(name, own ?? answering(byPattern))
    },
    /** GET /model_group/info */
    groups: () => ({ data: [...named()].map(([name, entries]) => groupOf(name, entries)) }),
    /** GET /v2/model/info */
    page({ search, sortBy, sortOrder, page, size }: PageQuery) {
      const part = search.toLowerCase()
      const isFound = (entry: Listed) =>
        [...entry.names, ...(caller === 'master' ? [entry.row.name] : [])].some((name) =>
          name.toLowerCase().includes(part),
        )
      const all = served(reference).map(plain)
      const searched = all.filter((entry) => sees(caller, entry) && isFound(entry))
      const found = sorted(searched, sortBy, sortOrder === 'asc' ? 1 : -1)
      return {
        data: found.slice((page - 1) * size, page * size).map(model),
        total_count: found.length,
        current_page: page,
        total_pages: Math.ceil(found.length / size),
        size,
      }
    },
  }

  function sorted(entries: readonly Listed[], by: string, sign: number): readonly Listed[] {
    const key = (entry: Listed): string | number | null => {
      const info = infoOf(entry.row, derived)
      const cost = ((info[price] ?? 0) as number) + ((info['output_cost_per_token'] ?? 0) as number)
      if (by === 'model_name') return nameFor(caller, entry).toLowerCase()
      if (by === 'created_at') return entry.row.createdAt
      if (by === 'updated_at') return entry.row.updatedAt
      if (by === 'costs') return cost === 0 ? null : cost
      return by === 'status' ? Number(entry.row.stored) : 0
    }
    return entries.toSorted((one, other) => {
      const [first, second] = [key(one), key(other)]
      if (first === second) return 0
      if (first === null || second === null) return first === null ? 1 : -1
      return first < second ? -sign : sign
    })
  }
}

function providerOf({ row }: Listed): string | undefined {
  const model = modelOf(row)
  if (model === 'known') return 'openai'
  return model.includes('/') ? model.slice(0, model.indexOf('/')) : undefined
}
