import type { Deployment } from '../../lib/adapters/adapter'
import type { Caller } from '../../lib/caller'
import { resolveOptions } from '../../lib/options'
import type { UrlPolicy } from '../../lib/options'
import { admissionOf } from '../../lib/registry/admission'
import { createCredentials } from '../../lib/registry/credentials'
import { createEdit } from '../../lib/registry/edit'
import { referencesOf } from '../../lib/registry/references'

const admin: Caller = { userId: 'a', role: 'proxy_admin' }
const credentials = createCredentials(undefined)

function admitted(urlPolicy: UrlPolicy): Promise<void> {
  const options = resolveOptions({ urlPolicy })
  const references = referencesOf({ options, config: undefined, environment: () => undefined })
  const admit = admissionOf(options, references, credentials, 20)
  const next = { model_name: 'm', litellm_params: { api_base: 'https://a.example' }, model_info: {} }
  return admit(admin, createEdit({ next, sent: next }))
}

it('a URL policy that never answers is not waited for without end', async () => {
  await expect(admitted(() => new Promise(() => {}))).rejects.toMatchObject({
    code: 'upstream_failed',
    message: "The URL policy of this gateway (option 'urlPolicy') did not answer in time.",
  })
})

it('one that throws at once and one that rejects let nothing through', async () => {
  const fail = (): never => {
    throw new Error('dns')
  }
  await expect(admitted(fail)).rejects.toThrow('dns')
  await expect(admitted(async () => fail())).rejects.toThrow('dns')
  await expect(admitted(() => Promise.resolve(true))).resolves.toBeUndefined()
})

describe('what a caller who is no administrator sends', () => {
  const teamAdmin: Caller = { userId: 'u', role: 'internal_user', teams: [{ id: 't', admin: true }] }

  async function outcome(parts: Partial<Deployment>, before?: Deployment): Promise<unknown> {
    const deployment = { model_name: 'm', litellm_params: {}, model_info: {}, ...parts }
    const options = resolveOptions({})
    const references = referencesOf({ options, config: undefined, environment: () => undefined })
    const edit = createEdit({ next: deployment, sent: deployment, before })
    return admissionOf(
      options,
      references,
      credentials,
    )(teamAdmin, edit).then(
      () => 'taken',
      ({ param, message }: { readonly param: unknown; readonly message: unknown }) => [param, message],
    )
  }

  it.each<[string, Partial<Deployment>]>([
    ['an address that is empty', { litellm_params: { api_base: '' } }],
    ['an address that is no text', { litellm_params: { api_base: null } }],
    ['a model with a colon and a slash', { litellm_params: { model: 'ollama/qwen:/4b' } }],
    [
      'a place that is a plain word',
      { litellm_params: { aws_region_name: 'eu-west-1', vertex_location: 'eu' } },
    ],
    ['a place that is no text', { litellm_params: { region: 5 } }],
    ['a place outside of the parameters', { model_info: { region: 'EU / EMEA' } }],
    ['a note of a place', { litellm_params: { region_note: 'EU / EMEA', projects: 'a / b' } }],
  ])('is taken: %s', async (_what, parts) => {
    expect(await outcome(parts)).toBe('taken')
  })

  it.each(['region', 'aws_region', 'region_name', 'vertex_location', 'vertex_project'])(
    'is refused where it leads to another host: %s',
    async (name) => {
      expect(await outcome({ litellm_params: { [name]: 'a.example/' } })).toEqual([
        `litellm_params.${name}`,
        `litellm_params.${name} is refused by the URL policy of this gateway: it would lead to another host.`,
      ])
    },
  )

  it('is taken where it stays as it was', async () => {
    const litellm_params = { api_base: 'http://169.254.169.254/', region: 'a.example/' }
    const before = { model_name: 'm', litellm_params, model_info: {} }
    expect(await outcome({ litellm_params: { ...litellm_params, rpm: 1 } }, before)).toBe('taken')
    expect(await outcome({ litellm_params: { ...litellm_params, region: 'b.example/' } }, before)).toEqual([
      'litellm_params.region',
      'litellm_params.region is refused by the URL policy of this gateway: it would lead to another host.',
    ])
  })
})
