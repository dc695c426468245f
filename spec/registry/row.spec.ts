import { ModelManagementError } from '../../lib/errors'
import { configRow, isRow, storedRow } from '../../lib/registry/row'
import { draft } from '../support/draft'

const model = (deployment: unknown, changes: object = {}) => ({
  ...draft('one'),
  revision: '7',
  deployment,
  ...changes,
})
const made = { createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'ann' }

describe('a row of storage', () => {
  it('has what the model says, its typed fields as such, and what follows from it', () => {
    const info = { team_id: 't', team_public_model_name: 'ours', access_groups: ['beta', 'gamma'] }
    const params = { model: 'x', rpm: '5' }
    const deployment = { model_name: 'internal', litellm_params: params, model_info: info, note: [1] }
    expect(storedRow(model(deployment, { blocked: true }), 'store')).toEqual({
      id: 'one',
      stored: true,
      deployment: { ...deployment, litellm_params: { model: 'x', rpm: 5 } },
      blocked: true,
      audit: { ...made, updatedAt: made.createdAt, updatedBy: null },
      revision: '7',
      publicName: 'ours',
      teamId: 't',
      accessGroups: ['beta', 'gamma'],
    })
  })

  it.each([['absent', {}] as const, ['null', { model_info: null }] as const])(
    'has model_info where it is %s, and no time where none is told',
    (_what, info) => {
      const deployment = { model_name: 'm', litellm_params: {}, ...info }
      const row = storedRow(model(deployment, { createdAt: '', updatedAt: '' }), 'store')
      expect(row).toMatchObject({
        deployment: { model_name: 'm', litellm_params: {}, model_info: {} },
        audit: { createdAt: null, updatedAt: null },
        publicName: 'm',
        teamId: null,
        accessGroups: [],
      })
    },
  )

  it.each<[string, unknown, readonly object[]]>([
    [
      'what the adapter could not read',
      new ModelManagementError('key_ring', 'The key is gone.'),
      [{ type: 'key_ring', loc: ['deployment'], msg: 'The key is gone.' }],
    ],
    [
      'what is sealed still',
      { model_name: 'm', litellm_params: { sealed: 'sealed:v1:k1:AAAA' }, model_info: {} },
      [
        {
          type: 'key_ring',
          loc: ['deployment'],
          msg: 'It is sealed, and the adapter does not open it: give the router sealed(adapter, { keys }) instead of the adapter.',
        },
      ],
    ],
    [
      'what is no deployment',
      { model_name: 'm' },
      [{ type: 'missing', loc: ['litellm_params'], msg: 'Field required' }],
    ],
  ])('is set aside for %s', (_what, deployment, problems) => {
    const reading = storedRow(model(deployment), 'store')
    expect(reading).toEqual({ id: 'one', revision: '7', setAside: { where: 'store', id: 'one', problems } })
    expect(isRow(reading)).toBe(false)
  })
})

describe('a row of the config file', () => {
  it.each([
    [{ blocked: true, access_groups: ['beta', 5, null] }, true, ['beta']],
    [{ blocked: false, access_groups: 'beta' }, false, []],
    [{ access_groups: 5 }, false, []],
  ])('of %j', (info, blocked, accessGroups) => {
    const deployment = { model_name: 'm', litellm_params: {}, model_info: info }
    expect(configRow('one', deployment, '7')).toEqual({
      id: 'one',
      stored: false,
      deployment,
      blocked,
      audit: { createdAt: null, createdBy: null, updatedAt: null, updatedBy: null },
      revision: '7',
      publicName: 'm',
      teamId: null,
      accessGroups,
    })
  })
})
