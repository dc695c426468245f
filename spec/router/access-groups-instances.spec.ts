import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configWith } from '../support/config'
import { holding } from '../support/held'
import type { Held } from '../support/held'
import { slowed, statusesOf } from '../support/slow'

const config = configWith('file-1', '')

async function membersOf({ get }: TestApp, group: string): Promise<readonly string[]> {
  const { body } = await get(`/v2/model/info?access_group=${encodeURIComponent(group)}`)
  return body.data.map((row: { model_info: { id: string } }) => row.model_info.id)
}

describe('two instances over one storage that tells nothing of changes', () => {
  async function instances(): Promise<Held & { readonly one: TestApp; readonly other: TestApp }> {
    const held = await holding({})
    const { watch: _, ...adapter } = held.adapter
    const makeInstance = () => makeApp({ adapter: slowed(adapter), config })
    return { ...held, one: await makeInstance(), other: await makeInstance() }
  }
  const makeModel = ({ post }: TestApp, id: string) =>
    post('/model/new', { model_name: id, litellm_params: { model: 'x' }, model_info: { id } })

  it.each(['model_ids', 'model_names'])(
    '%s made at one are members at the other at once',
    async (members) => {
      const { one, other } = await instances()
      await makeModel(one, 'a')
      const made = await other.post('/access_group/new', { access_group: 'g', [members]: ['a'] })
      expect(made.status).toBe(200)
      const group = { access_group: 'g', model_names: ['a'], deployment_count: 1 }
      expect((await one.get('/access_group/g/info')).body).toEqual(group)
      expect((await one.get('/access_group/list')).body).toEqual({ access_groups: [group] })
      await makeModel(one, 'b')
      const update = await other.send('put', '/access_group/g/update', { [members]: ['b'] })
      expect([update.status, update.body.model_ids]).toEqual([200, ['b']])
      expect((await one.send('delete', '/access_group/g/delete')).body.models_updated).toBe(1)
      expect((await other.get('/access_group/g/info')).status).toBe(404)
    },
  )

  it.each<[string, readonly string[], readonly string[]]>([
    ['of different models', ['a'], ['b']],
    ['of the same model', ['a'], ['a']],
    ['of models in common', ['a', 'c', 'd'], ['b', 'c']],
  ])('one group %s that both make at once: one is 200, one is 409', async (_what, ours, theirs) => {
    const { one, other } = await instances()
    for (const id of ['a', 'b', 'c', 'd']) await makeModel(one, id)
    for (const group of ['g', 'h', 'i']) {
      const create = ({ post }: TestApp, ids: readonly string[]) =>
        post('/access_group/new', { access_group: group, model_ids: ids })
      const answers = await Promise.all([create(one, ours), create(other, theirs)])
      expect(statusesOf(answers)).toEqual([200, 409])
      const winner = answers.find(({ status }) => status === 200)
      expect(await membersOf(one, group)).toEqual(winner?.body.model_ids)
    }
  })
})

it.each<[string, string, string]>([
  ['below /v1', '/v1/access_group/new', '/v1/access_group/g/'],
  ['below /v1 by its name', '/v1/access_group', '/v1/access_group/g'],
])('an access group is answered %s as without it', async (_where, list, one) => {
  const app = await makeApp({ adapter: (await holding({ a: { model_name: 'a' } })).adapter })
  const at = (path: string): string => (one.endsWith('/') ? one + path : one)
  const members = { model_names: ['a'] }
  const change = { access_group: 'g', model_names: ['a'], model_ids: ['a'], models_updated: 1 }
  const group = { access_group: 'g', model_names: ['a'], deployment_count: 1 }
  expect((await app.post(list, { access_group: 'g', ...members })).body).toEqual(change)
  expect((await app.get(list.replace('new', 'list'))).body).toEqual({ access_groups: [group] })
  expect((await app.get(at('info'))).body).toEqual(group)
  expect((await app.send('put', at('update'), members)).body).toEqual(change)
  const gone = await app.send('delete', at('delete'))
  const message = "Access group 'g' deleted successfully"
  expect([gone.status, gone.body]).toEqual([200, { access_group: 'g', models_updated: 1, message }])
  const { status, body } = await app.get(at('info'))
  expect([status, body]).toEqual([404, { detail: { error: "Access group 'g' not found" } }])
})
