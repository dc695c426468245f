import { makeApp } from '../support/app'
import { holding } from '../support/held'
import { updateRoutes } from '../support/update-routes'

describe.each(updateRoutes)('%s refuses litellm_params_to_remove', (_route, update) => {
  const valueError = (msg: string): object => ({ type: 'value_error', loc: ['body'], msg })

  it.each<[string, object, object]>([
    [
      'with the model',
      { litellm_params_to_remove: ['rpm', 'model'] },
      valueError('Value error, The required litellm_params.model cannot be removed'),
    ],
    [
      'with what is set, null included',
      { litellm_params: { tpm: 1, rpm: null, user: 'a' }, litellm_params_to_remove: ['tpm', 'rpm', 'a'] },
      valueError('Value error, Cannot set and remove the same litellm_params keys: rpm, tpm'),
    ],
    [
      'with an empty name',
      { litellm_params_to_remove: [''] },
      {
        type: 'string_too_short',
        loc: ['body', 'litellm_params_to_remove', 0],
        msg: 'String should have at least 1 character',
      },
    ],
    [
      'that is no list',
      { litellm_params_to_remove: 'rpm' },
      { type: 'list_type', loc: ['body', 'litellm_params_to_remove'], msg: 'Input should be a valid list' },
    ],
  ])('%s', async (_what, patch, problem) => {
    const held = await holding({ one: { litellm_params: { model: 'x', rpm: 5 } } })
    const before = await held.model()
    const app = await makeApp({ adapter: held.adapter })
    for (const id of ['one', 'gone']) {
      const { status, body } = await update(app, id, patch)
      expect([status, body]).toEqual([422, { detail: [problem] }])
    }
    expect(await held.model()).toEqual(before)
  })
})
