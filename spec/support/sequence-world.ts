import { writeFileSync } from 'node:fs'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import { loggerInto, masterKey } from './app'
import { modelManagementRouter } from '../../lib/router'
import type { InjectedReply } from './inject'
import {
  byId,
  created,
  fileRows,
  groupsOf,
  patched,
  publicName,
  regrouped,
  served,
  servedStored,
  teamOf,
} from './reference-model'
import type { Expected, Outcome, Reference } from './reference-model'
import { keys, memberName } from './reference-reads'
import { infoOf, record } from './reference-rows'
import { asking, json, keptName, keyOf, same, told } from './sequence-client'
import { learnDerived, lookOf } from './sequence-look'
import { nobody } from './sequence-steps'
import type { FileContent, PageQuery, Step } from './sequence-steps'

export interface World {
  /** Does all of it, compares, and deletes what it made. */
  run(steps: readonly Step[], query: PageQuery): Promise<void>
  close(): Promise<void>
}

const costMap = {
  known: {
    litellm_provider: 'openai',
    mode: 'chat',
    max_tokens: 10,
    max_input_tokens: 100,
    max_output_tokens: 10,
    input_cost_per_token: 0.5,
    output_cost_per_token: 1,
    supports_vision: true,
  },
}
const empty: FileContent = { rows: [], aliases: {} }

/** A router over this storage and this config file, and beside it what should be there. */
export async function worldOf(adapter: ModelAdapter, config: string): Promise<World> {
  writeFileSync(config, textOf(empty))
  const router = modelManagementRouter({
    adapter,
    config,
    costMap,
    wildcards: 'show',
    env: {},
    logger: loggerInto([]),
    auth: {
      masterKey,
      keys: [
        { key: keyOf.narrow, ...keys.narrow },
        { key: keyOf.team, ...keys.team },
      ],
    },
    // Edits are taken in when a step says so.
    configWatchMs: 2_000_000_000,
  })
  await router.ready()
  const ask = asking(router)
  const derived = await learnDerived(ask)
  const reference: Reference = { file: [], aliases: [], stored: [] }
  const look = lookOf({ ask, adapter, derived, reference })
  let latest = ''

  async function edit(content: FileContent): Promise<void> {
    writeFileSync(config, textOf(content))
    await router.registry.reload()
  }

  async function clearUp(): Promise<void> {
    if (reference.file.length + reference.aliases.length > 0) await edit(empty)
    for (const { model_info: info } of router.registry.list())
      same(
        (await ask('POST', '/model/delete', 'master', { id: info['id'] ?? '' })).status,
        200,
        'clearing up',
      )
    Object.assign(reference, { file: [], aliases: [], stored: [] })
  }

  function idAt(at: number): string {
    const all = [...new Set([...reference.stored, ...reference.file].map(({ id }) => id))]
    return at === nobody ? 'gone' : (all[at % all.length] ?? 'gone')
  }

  function replace(row: Expected): void {
    const isThere = reference.stored.some(({ id }) => id === row.id)
    reference.stored = isThere
      ? reference.stored.map((one) => (one.id === row.id ? row : one))
      : [...reference.stored, row]
  }

  /** The answer of a write says when it was done, and the names that were made up. */
  async function accept(reply: InjectedReply, row: Expected, before: Expected | undefined, what: string) {
    same(reply.status, 200, what)
    const answer = told(reply)
    const learnt = { ...row }
    if (row !== before) {
      const { model_id: id, created_at: createdAt, updated_at: updatedAt } = answer
      Object.assign(learnt, { id: row.id || id, updatedAt, etag: reply.etag })
      if (before === undefined) Object.assign(learnt, { createdAt })
      rises(updatedAt)
      if (teamOf(row) !== undefined && (before === undefined || teamOf(row) !== teamOf(before))) {
        learnt.name = await keptName(adapter, learnt.id)
        expect(learnt.name).toMatch(new RegExp(`^model_name_${teamOf(row)}_[0-9a-f-]{36}$`))
      }
      if (reply.etag === before?.etag) throw new Error(`${what}: the ETag stayed ${reply.etag}`)
    }
    same(answer, record(learnt), what)
    same(reply.etag, learnt.etag, `${what}: ETag`)
    replace(learnt)
  }

  function rises(moment: string): void {
    if (moment <= latest) throw new Error(`${moment} is not later than ${latest}`)
    latest = moment
  }

  /** A change of one row: refused as it should be, or done. */
  async function change(
    step: Extract<Step, { do: 'update' | 'delete' | 'block' }>,
    missing: number,
    send: (id: string, headers: Readonly<Record<string, string>>) => Promise<InjectedReply>,
    next: (row: Expected) => Outcome | 'gone',
  ): Promise<void> {
    const id = idAt(step.at)
    const row = byId(reference, id)
    const ifMatch = { current: row?.etag ?? '"other"', stale: '"other"', absent: '' }[step.ifMatch]
    const reply = await send(id, ifMatch === '' ? {} : { 'if-match': ifMatch })
    const what = JSON.stringify(step)
    if (step.as !== 'master') return same(reply.status, 403, what)
    if (row === undefined) return same(reply.status, missing, what)
    if (!row.stored) return same(reply.status, 400, what)
    if (step.ifMatch === 'stale') return same(reply.status, 412, what)
    const outcome = next(row)
    if (outcome === 'gone') {
      same([reply.status, json(reply)], [200, { message: `Model: ${id} deleted successfully` }], what)
      reference.stored = reference.stored.filter((one) => one.id !== id)
    } else if ('refused' in outcome) same(reply.status, outcome.refused, what)
    else await accept(reply, outcome.row, row, what)
  }

  async function saveForm(step: Extract<Step, { do: 'save form' }>): Promise<void> {
    const id = idAt(step.at)
    const row = byId(reference, id)
    if (row?.stored !== true) return
    const form = told(
      await ask('GET', `/model/info?litellm_model_id=${id}`, 'master'),
    ) as unknown as Readonly<Record<string, JsonObject>>
    const edited = { ...form, [step.part]: { ...form[step.part], edited: step.value } }
    const reply = await ask('PATCH', `/model/${id}/update`, 'master', edited)
    const outcome = patched(row, { [step.part]: { edited: step.value } }, infoOf(row, derived))
    if ('row' in outcome) await accept(reply, outcome.row, row, JSON.stringify(step))
  }

  async function setGroup(step: Extract<Step, { do: 'new group' | 'update group' }>): Promise<void> {
    const { group, as } = step
    const ids = step.ids?.map(idAt)
    const body = { ...(step.names && { model_names: step.names }), ...(ids && { model_ids: ids }) }
    const reply = await (step.do === 'new group'
      ? ask('POST', '/access_group/new', as, { access_group: group, ...body })
      : ask('PUT', `/access_group/${group}/update`, as, body))
    const what = JSON.stringify(step)
    if (as !== 'master') return same(reply.status, 403, what)
    const rows = servedStored(reference)
    const isThere = served(reference).some((row) => groupsOf(row).includes(group))
    if (isThere !== (step.do === 'update group')) return same(reply.status, isThere ? 409 : 404, what)
    const keyed =
      ids !== undefined && ids.length > 0 ? { of: (row: Expected) => row.id, wanted: ids } : undefined
    const { of, wanted } = keyed ?? {
      of: (row: Expected) => memberName(reference, row),
      wanted: step.names ?? [],
    }
    const members = rows.filter((row) => wanted.includes(of(row)))
    const isAll = wanted.length > 0 && wanted.every((one) => members.some((row) => of(row) === one))
    if (!isAll) return same(reply.status, 400, what)
    const answer = {
      access_group: group,
      model_names: [...new Set(members.map(publicName))].sort(),
      model_ids: members.map(({ id }) => id),
      models_updated: members.length,
    }
    same([reply.status, json(reply)], [200, answer], what)
    await regroup(group, (row) => members.includes(row))
  }

  async function deleteGroup({ group, as }: Extract<Step, { do: 'delete group' }>): Promise<void> {
    const reply = await ask('DELETE', `/access_group/${group}/delete`, as)
    const all = served(reference).filter((row) => groupsOf(row).includes(group))
    const members = all.filter(({ stored }) => stored)
    const missing = all.length === 0 ? 404 : 400
    const status = as !== 'master' ? 403 : members.length === 0 ? missing : 200
    same(reply.status, status, 'delete group')
    if (status !== 200) return
    const message = `Access group '${group}' deleted successfully`
    same(json(reply), { access_group: group, models_updated: members.length, message }, 'delete group')
    await regroup(group, () => false)
  }

  /** Rows that a change of groups wrote say when by being read: its answer does not. */
  async function regroup(group: string, belongs: (row: Expected) => boolean): Promise<void> {
    const before = latest
    for (const row of servedStored(reference)) {
      const next = regrouped(row, group, belongs(row))
      if (next === row) continue
      const reply = await ask('GET', `/model/info?litellm_model_id=${row.id}`, 'master')
      const { updated_at: updatedAt } = told(reply).model_info
      if (updatedAt <= before || reply.etag === row.etag) throw new Error(`${row.id} was not written`)
      if (updatedAt > latest) latest = updatedAt
      replace({ ...next, updatedAt, etag: reply.etag })
    }
  }

  async function create(step: Extract<Step, { do: 'create' }>): Promise<void> {
    const reply = await ask('POST', '/model/new', step.as, step.body)
    const what = JSON.stringify(step)
    if (step.as !== 'master') return same(reply.status, 403, what)
    const outcome = created(reference, step.body)
    if ('refused' in outcome) same(reply.status, outcome.refused, what)
    else await accept(reply, outcome.row, undefined, what)
  }

  async function editFile({ content }: Extract<Step, { do: 'edit file' }>): Promise<void> {
    await edit(content)
    reference.file = fileRows(content)
    reference.aliases = Object.entries(content.aliases).map(([alias, target]) =>
      typeof target === 'string'
        ? { alias, target, hidden: false }
        : { alias, target: (target as { model: string }).model, hidden: true },
    )
  }

  async function take(step: Step): Promise<void> {
    switch (step.do) {
      case 'create':
        return create(step)
      case 'update':
        return change(
          step,
          step.by === 'patch' ? 404 : 400,
          (id, headers) =>
            step.by === 'patch'
              ? ask('PATCH', `/model/${id}/update`, step.as, step.patch, headers)
              : ask('POST', '/model/update', step.as, { ...step.patch, id }, headers),
          (row) => patched(row, step.patch, infoOf(row, derived)),
        )
      case 'save form':
        return saveForm(step)
      case 'delete':
        return change(
          step,
          400,
          (id, headers) => ask('POST', '/model/delete', step.as, { id }, headers),
          () => 'gone',
        )
      case 'block': {
        const path = step.blocked ? '/model/block' : '/model/unblock'
        return change(
          step,
          404,
          (id, headers) => ask('POST', path, step.as, { model_id: id }, headers),
          (row) => ({ row: row.blocked === step.blocked ? row : { ...row, blocked: step.blocked } }),
        )
      }
      case 'new group':
      case 'update group':
        return setGroup(step)
      case 'delete group':
        return deleteGroup(step)
      case 'edit file':
        return editFile(step)
      case 'look':
        return look.all(step.query)
    }
  }

  return {
    async run(steps, query) {
      for (const step of steps) await take(step)
      await look.all(query)
      // Read anew, it is what it has become step by step.
      await router.registry.reload().then(look.lists)
      await clearUp()
    },
    close: () => router.close(),
  }
}

function textOf({ rows, aliases }: FileContent): string {
  return JSON.stringify({ model_list: rows, router_settings: { model_group_alias: aliases } })
}
