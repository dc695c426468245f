import type { JsonObject } from '../../lib/json'
import { makeApp } from '../support/app'
import { configFiles } from '../support/config'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

const files = configFiles()
const beside = (params: JsonObject, limits: JsonObject): JsonObject & { litellm_params: JsonObject } => ({
  model_name: 'm',
  litellm_params: { model: 'x', ...params },
  ...limits,
})

describe('rate limits beside litellm_params', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['are shown in it too', {}, { rpm: 7, tpm: 9 }, { rpm: 7, tpm: 9 }],
    ['give way to those in it', { rpm: 1 }, { rpm: 7, tpm: 9 }, { rpm: 1, tpm: 9 }],
    ['are shown for null in it', { rpm: null }, { rpm: 7 }, { rpm: 7 }],
    ['may be 0', { tpm: 0 }, { rpm: 0, tpm: 9 }, { rpm: 0, tpm: 0 }],
    ['that are null are not shown', {}, { rpm: null }, {}],
    ['are two; others stay beside it', {}, { rpm: 7, max_parallel_requests: 3 }, { rpm: 7 }],
  ])('%s', async (_, params, limits, expected) => {
    const row = beside(params, limits)
    const { get, router } = await makeApp({ config: files.write({ model_list: [row] }) })
    const { body } = await get('/model/info')
    const { litellm_params: shown, model_name: __, model_info: ___, ...extras } = body.data[0]
    expect(shown).toEqual({ model: 'x', ...expected })
    expect(extras).toEqual(Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null)))
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({ ...row.litellm_params, ...expected })
  })

  const stored = { rpm: 7, tpm: 9 }
  it.each<[string, JsonObject, JsonObject]>([
    [
      'that come back are not stored twice',
      { litellm_params: { rpm: 7, tpm: 9 }, rpm: 7, tpm: 9 },
      beside({}, stored),
    ],
    [
      'that are changed in it are kept there',
      { litellm_params: { rpm: 20, tpm: 9 }, rpm: 7 },
      beside({ rpm: 20 }, { tpm: 9 }),
    ],
    ['that are cleared in it are gone', { litellm_params: { rpm: null } }, beside({}, { tpm: 9 })],
  ])('%s by an update', async (_, patch, expected) => {
    for (const [, update] of updateRoutes) {
      const { adapter, deployment } = await holding({ one: beside({}, stored) })
      const app = await makeApp({ adapter })
      expect((await update(app, 'one', patch)).status).toBe(200)
      expect(await deployment()).toEqual({ model_info: {}, ...expected })
    }
  })
})
