import { makeApp } from '../support/app'

describe('POST /model/new', () => {
  it('takes an empty text in a typed field for one that is not set', async () => {
    const { post, router } = await makeApp()
    const { status, body } = await post('/model/new', {
      model_name: 'm',
      litellm_params: {
        model: 'x',
        api_base: '',
        api_key: ' ',
        tpm: '',
        rpm: '',
        max_retries: '',
        timeout: '',
        input_cost_per_token: '',
        drop_params: '',
        my_text: '',
      },
      model_info: { id: '', base_model: '', mode: '', team_id: '', created_by: '', note: '' },
      rpm: '',
    })
    const { id, created_by: creator, ...info } = body.model_info
    expect([status, body.litellm_params, body.rpm]).toEqual([200, { model: 'x', my_text: '' }, undefined])
    expect([id, creator]).toEqual([body.model_id, 'default_user_id'])
    expect(Object.keys(info)).toEqual([
      'db_model',
      'note',
      'blocked',
      'created_at',
      'updated_at',
      'updated_by',
    ])
    expect(router.registry.resolve('m')[0]?.litellm_params).toEqual({ model: 'x', my_text: '' })
  })
})
