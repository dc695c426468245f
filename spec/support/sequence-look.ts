import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import { byId } from './reference-model'
import type { Expected, Reference } from './reference-model'
import { groupList } from './reference-groups'
import { reads } from './reference-reads'
import type { Derived } from './reference-rows'
import { names } from './sequence-steps'
import { json, same, told } from './sequence-client'
import type { Ask } from './sequence-client'
import type { CallerName, PageQuery } from './sequence-steps'

/** Compares what readers are shown with what should be there. */
export interface Look {
  /** Only the list of all rows. */
  lists(): Promise<void>
  /** Every read, and what storage holds. */
  all(query: PageQuery): Promise<void>
}

export interface LookParts {
  readonly ask: Ask
  readonly adapter: ModelAdapter
  readonly derived: Derived
  readonly reference: Reference
}

const callers: readonly CallerName[] = ['master', 'narrow', 'team']

export function lookOf({ ask, adapter, derived, reference }: LookParts): Look {
  async function lists(): Promise<void> {
    for (const as of callers)
      same(
        json(await ask('GET', '/model/info', as)),
        reads(reference, derived, as).models(),
        `/model/info as ${as}`,
      )
  }

  async function all(query: PageQuery): Promise<void> {
    for (const as of callers) {
      const get = async (url: string) => ask('GET', url, as)
      const expected = reads(reference, derived, as)
      const whole = await get('/model/info')
      same(json(whole), expected.models(), `/model/info as ${as}`)
      const isMaster = as === 'master'
      if (isMaster) same((await get('/v1/model/info')).text, whole.text, '/v1/model/info')
      const ids = new Set([...reference.stored, ...reference.file].map(({ id }) => id))
      for (const id of [...ids, 'gone']) {
        const one = await get(`/model/info?litellm_model_id=${id}`)
        const row = expected.model(id)
        same([one.status, row && json(one)], [row === undefined ? 400 : 200, row], `${id} as ${as}`)
        const etag = byId(reference, id)?.etag
        if (row !== undefined && etag !== undefined) same(one.etag, etag, `ETag of ${id} as ${as}`)
      }
      const pages = isMaster ? [query, { ...query, ...otherWay(query), search: '', page: 1 }] : [query]
      for (const one of pages) {
        const asked = Object.entries(one).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
        same(
          json(await get(`/v2/model/info?${asked.join('&')}`)),
          expected.page(one),
          `${asked.join('&')} as ${as}`,
        )
      }
      same(json(await get('/model_group/info')), expected.groups(), `/model_group/info as ${as}`)
      same(json(await get('/v1/models')), expected.names(), `/v1/models as ${as}`)
      for (const name of ['claude', 'short', 'openai/other']) {
        const one = await get(`/v1/models/${name}`)
        const entry = expected.name(name)
        same([one.status, entry && json(one)], [entry === undefined ? 404 : 200, entry], `${name} as ${as}`)
      }
      if (isMaster) same(json(await get('/access_group/list')), groupList(reference), '/access_group/list')
    }
    const stored = (await adapter.list()).map(({ id, deployment, blocked }) => ({ id, deployment, blocked }))
    same(JSON.parse(JSON.stringify(stored)), reference.stored.map(storedForm), `what ${adapter.name} holds`)
  }

  return { lists, all }
}

function otherWay({ sortOrder }: PageQuery): Pick<PageQuery, 'sortOrder'> {
  return { sortOrder: sortOrder === 'asc' ? 'desc' : 'asc' }
}

function storedForm({ id, name, params, info, extras, blocked }: Expected): JsonObject {
  return {
    id,
    deployment: { ...extras, model_name: name, litellm_params: params, model_info: info },
    blocked,
  }
}

/** All that a deployment of the sequences may call. */
const models = [...names, 'openai/known', 'anthropic/other', 'openai/other']

/** What the cost map adds is the same for all models of one name, so it is read from one. */
export async function learnDerived(ask: Ask): Promise<Derived> {
  const learnt = new Map<string, JsonObject>()
  for (const model of models) {
    const made = told(
      await ask('POST', '/model/new', 'master', { model_name: 'm', litellm_params: { model } }),
    )
    const own = new Set([...Object.keys(made.model_info), 'direct_access', 'access_via_team_ids'])
    const { model_info: info } = told(
      await ask('GET', `/model/info?litellm_model_id=${made.model_id}`, 'master'),
    )
    learnt.set(model, Object.fromEntries(Object.entries(info).filter(([key]) => !own.has(key))))
    await ask('POST', '/model/delete', 'master', { id: made.model_id })
  }
  return learnt
}
