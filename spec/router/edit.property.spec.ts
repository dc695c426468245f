import * as fc from 'fast-check'
import type { Deployment } from '../../lib/adapters/adapter'
import { jsonEquals, omit } from '../../lib/json'
import type { JsonObject, JsonValue } from '../../lib/json'
import { managedInfoKeys } from '../../lib/model-info/present'
import { checkDeployment } from '../../lib/registry/row'
import { deployments } from '../model-info/deployments'
import { makeApp } from '../support/app'
import { draft } from '../support/draft'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

declare const expressMajor: number

/** What the core itself manages, `__proto__`, which no body may hold, and keys that this spec gives its own values. */
const notOurs: ReadonlySet<string> = new Set([
  ...managedInfoKeys,
  'model',
  '__proto__',
  'input_cost_per_token',
])

function kept(object: JsonObject): JsonObject {
  const text = JSON.stringify(object)
  const copy = JSON.parse(text, (key, value: JsonValue) =>
    key === '__proto__' ? undefined : value,
  ) as JsonObject
  return omit(copy, notOurs)
}

/** Whether storage may hold this, letter by letter. */
function fits(deployment: Deployment): boolean {
  const checked = checkDeployment(deployment)
  return checked.ok && jsonEquals(checked.deployment, deployment)
}

const storable = deployments
  .map(({ litellm_params: params, model_info: info }): Deployment => ({
    model_name: 'm',
    litellm_params: { model: 'gpt-4', input_cost_per_token: 2, ...kept(params) },
    model_info: { my_custom_key: 'a', ...kept(info) },
  }))
  .filter(fits)

const part = fc.constantFrom('litellm_params' as const, 'model_info' as const)
const value = fc.constantFrom<JsonValue>(false, 0, '', [], {}, 'changed', 1.5e-7, { deep: [null] })
const edit = fc.record({ part, value, at: fc.nat() })

describe.each(updateRoutes)('%s', (_route, update) => {
  it('D5 a row that is read, changed in one key and sent back whole is changed in that key', async () => {
    const { adapter, deployment } = await holding({})
    const app = await makeApp({ adapter })
    let number = 0
    await fc.assert(
      fc.asyncProperty(storable, edit, async (before, { part: where, value: to, at }) => {
        const id = `row-${number++}`
        await adapter.create(draft(id, { deployment: before }))
        const { body } = await app.get(`/model/info?litellm_model_id=${id}`)
        const row = body.data[0] as Record<typeof where, Record<string, JsonValue>>
        const names = Object.keys(row[where]).filter(
          (key) => Object.hasOwn(before[where], key) && !notOurs.has(key),
        )
        const name = names[at % (names.length + 1)] ?? 'a_new_key'
        const after = { ...before, [where]: { ...before[where], [name]: to } }
        fc.pre(fits(after))
        row[where][name] = to
        const { status } = await update(app, id, row)
        expect([status, await deployment(id)]).toEqual([200, after])
      }),
      { numRuns: expressMajor === 5 ? 150 : 40 },
    )
  })
})
