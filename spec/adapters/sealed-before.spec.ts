import type { ModelDraft } from '../../lib/adapters/adapter'
import { sealed } from '../../lib/adapters/sealed'
import { draft } from '../support/draft'
import { one, over, problemOf, rawOf, textOf } from '../support/sealed'

describe('models that were there before', () => {
  test('a plain one is read as it is and sealed by its next write', async () => {
    const { raw, with: keyed } = over()
    const adapter = keyed(one)
    await raw.create(draft('plain'))
    expect(await adapter.get('plain')).toEqual(await raw.get('plain'))
    await adapter.update(draft('plain', { blocked: true }))
    expect(textOf(await rawOf(raw, 'plain'))).toMatch(/^sealed:v1:k1:/)
    expect(await adapter.get('plain')).toMatchObject(draft('plain', { blocked: true }))
  })

  test('a deployment that is none is handed over as it is', async () => {
    const { raw, with: keyed } = over()
    const odd = { ...draft('odd'), deployment: '{"model_name' as unknown as ModelDraft['deployment'] }
    await raw.create(odd)
    expect(await keyed(one).get('odd')).toMatchObject({ deployment: '{"model_name' })
  })

  // Made with Python's cryptography as LiteLLM does it.
  const params = {
    model: 'v3:gcm:AAECAwQFBgcICQoLSn7SrPIGIFauID1jLYeYPlCb3bp89JbjHGLGXtM=',
    api_key: 'v2:gcm:AQIDBAUGBwgJCgsMqm0_oGZYLDa0v_4MZG5xznmAgys8lqwphATvXsqVXA==',
    rpm: 5,
  }
  const litellmSaltKey = 'sk-salt-of-litellm'

  test("LiteLLM's are opened with its salt key, and sealed by rotate()", async () => {
    const { raw } = over()
    const adapter = sealed(raw, { keys: [one], litellmSaltKey })
    await raw.create(draft('theirs', { deployment: { ...draft('').deployment, litellm_params: params } }))
    const opened = { litellm_params: { model: 'openai/gpt-4o', api_key: 'Schlüssel 💡', rpm: 5 } }
    expect(await adapter.get('theirs')).toMatchObject({ deployment: opened })
    expect(await adapter.rotate()).toEqual({ rotated: 1, kept: 0, failed: [], total: 1 })
    expect(await sealed(raw, { keys: [one] }).get('theirs')).toMatchObject({ deployment: opened })
  })

  test.each([undefined, 'sk-another-salt'])("LiteLLM's do not open with the salt key %s", async (salt) => {
    const { raw } = over()
    await raw.create(draft('theirs', { deployment: { ...draft('').deployment, litellm_params: params } }))
    const adapter = sealed(raw, { keys: [one], litellmSaltKey: salt })
    expect(await problemOf(adapter, 'theirs')).toBe(
      "LiteLLM encrypted model, api_key of litellm_params and they do not open. Give LITELLM_SALT_KEY (or, where LiteLLM had none, its master key) as 'litellmSaltKey' of sealed().",
    )
  })
})
