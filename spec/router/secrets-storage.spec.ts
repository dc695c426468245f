import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp, startApp } from '../support/app'
import { canary, canaryDeployment, findCanaries } from '../support/canary'
import { draft } from '../support/draft'

const full = JSON.stringify(canaryDeployment())

/** A driver's error: whatever it was given may stand in any part of it. */
function spilling(kind: number): unknown {
  const error = Object.assign(new Error(full), { detail: full, hint: full, where: full, query: full })
  if (kind === 1) return Object.assign(error, { name: canary(7) })
  if (kind === 2) return Object.assign(error, { code: canary(8) })
  if (kind === 3) return Object.assign(new Error('outer', { cause: error }), { code: full, errors: [error] })
  if (kind === 4) return full
  if (kind === 5) return Object.assign(error, { code: `E${canary(9).toUpperCase()}`, name: full })
  return error
}

const methods = [
  'init',
  'list',
  'get',
  'ping',
  'watch',
  'create',
  'update',
  'delete',
  'readSettings',
  'writeSettings',
] as const satisfies readonly (keyof ModelAdapter)[]

const cases = methods.flatMap((method) => [0, 1, 2, 3, 4, 5].map((kind) => [method, kind] as const))

it.each(cases)(
  'B1 an adapter whose %s() fails with secrets in its error (%i) spills none of them',
  async (method, kind) => {
    const inner = memoryAdapter()
    await inner.create(draft('a', { deployment: canaryDeployment() }))
    let isFailing = method === 'init' || method === 'watch'
    const original = inner[method] as (...args: unknown[]) => Promise<unknown>
    const adapter = {
      ...inner,
      [method]: async (...args: unknown[]) => {
        if (isFailing) throw spilling(kind)
        return original(...args)
      },
    }
    const app = method === 'init' ? startApp({ adapter }) : await makeApp({ adapter })
    isFailing = true
    const model = { ...canaryDeployment(), model_info: { id: 'b' } }
    const answers = [
      await app.post('/model/new', model),
      await app.send('patch', '/model/a/update', { litellm_params: model.litellm_params }),
      await app.post('/model/block', { model_id: 'a' }),
      await app.post('/model/delete', { id: 'a' }),
      await app.post('/access_group/new', { access_group: 'g', model_ids: ['a'] }),
      await app.post('/schedule/model_cost_map_reload?hours=1', {}),
      await app.get('/model/info'),
      await app.get('/model/info?litellm_model_id=a'),
      await app.get('/model_management/status'),
      await app.get('/health/readiness'),
    ].map(({ text, headers }) => text + JSON.stringify(headers))
    // It rejects with the adapter's own error, which is the host's to see.
    await app.router.registry.reload().catch(() => {})
    const left = JSON.stringify([answers, app.log, app.router.registry.status()])
    expect([findCanaries(left), left.includes(canary(9).toUpperCase())]).toEqual([[], false])
  },
)
