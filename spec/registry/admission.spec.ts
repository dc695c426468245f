import type { Caller } from '../../lib/caller'
import { resolveOptions } from '../../lib/options'
import type { UrlPolicy } from '../../lib/options'
import { admissionOf } from '../../lib/registry/admission'
import { referencesOf } from '../../lib/registry/references'

const admin: Caller = { userId: 'a', role: 'proxy_admin' }

function admitted(urlPolicy: UrlPolicy): Promise<void> {
  const options = resolveOptions({ urlPolicy })
  const references = referencesOf({ options, config: undefined, environment: () => undefined })
  const admit = admissionOf(options, references, 20)
  return admit(admin, { model_name: 'm', litellm_params: { api_base: 'https://a.example' }, model_info: {} })
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
