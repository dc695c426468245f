import { makeApp } from '../support/app'
import { holding } from '../support/held'

const fail = (): never => {
  throw new TypeError('sk-secret')
}
const failLater = (() => Promise.reject(new Error('sk-secret'))) as never

/** What each does, and what the log says of why it fails. */
const failing = [
  ['throws', fail, 'TypeError'],
  ['rejects', failLater, 'it answers with a promise'],
  ['promises names', (async () => ['openai/a']) as never, 'it answers with a promise'],
] as const

const said = (option: string, why: string): object => ({
  level: 'error',
  details: { option, why },
  message: `the function of option '${option}' fails`,
})

describe('expandWildcard', () => {
  const listed = async (expandWildcard: () => readonly string[]) => {
    const { adapter } = await holding({ one: { model_name: 'openai/*' }, two: { model_name: 'two' } })
    const app = await makeApp({ adapter, wildcards: 'expand', expandWildcard })
    const names = async () => {
      const { body } = await app.get('/v1/models')
      return body.data.map(({ id }: { id: string }) => id)
    }
    return { ...app, names }
  }

  it.each(failing)(
    'that %s leaves the pattern as it is, the lists there, and is logged once',
    async (_what, given, why) => {
      const { get, log, names, router } = await listed(given)
      expect(await names()).toEqual(['openai/*', 'two'])
      await router.registry.create({ model_name: 'three', litellm_params: {} })
      expect(await names()).toEqual(['openai/*', 'two', 'three'])
      for (const path of ['/model/info', '/v2/model/info', '/model_group/info'])
        expect((await get(path)).status).toBe(200)
      expect(log).toEqual([said('expandWildcard', why)])
    },
  )

  it.each([
    ['nothing', null, ['openai/*', 'two']],
    ['a text', 'openai/a', ['openai/*', 'two']],
    ['what is no name among names', [5, {}, null, 'openai/a'], ['openai/a', 'two']],
  ])('that gives %s', async (_what, given, wanted) => {
    const { names, log } = await listed(() => given as never)
    expect([await names(), log]).toEqual([wanted, []])
  })

  it('that fails again, having worked in between, is logged again', async () => {
    let isFailing = true
    const { get, log, router } = await listed(() => (isFailing ? fail() : ['openai/a']))
    for (const failsNow of [true, false, true]) {
      isFailing = failsNow
      // What it gave is kept until a model changes.
      await router.registry.create({ model_name: 'more', litellm_params: {} })
      await get('/v1/models')
    }
    expect(log).toEqual([said('expandWildcard', 'TypeError'), said('expandWildcard', 'TypeError')])
  })

  it('may change its list afterwards', async () => {
    const given = ['openai/a']
    const { names } = await listed(() => given)
    expect(await names()).toEqual(['openai/a', 'two'])
    given.push('openai/b')
    expect(await names()).toEqual(['openai/a', 'two'])
  })
})

describe('references', () => {
  it.each(failing)(
    'that %s opens nothing, ends nothing, and is logged once',
    async (_what, references, why) => {
      const { adapter } = await holding({
        one: { litellm_params: { model: 'x', api_key: 'os.environ/KEY' } },
      })
      const app = await makeApp({ adapter, references: references as never, env: { KEY: 'sk-secret' } })
      const { get, log, post, router } = app
      expect(router.registry.resolve('m')).toEqual([
        { id: 'one', model_name: 'm', litellm_params: { model: 'x' }, model_info: { id: 'one' } },
      ])
      const { warnings } = (await get('/model_management/status')).body
      expect(warnings).toContainEqual(expect.stringContaining('Model one refers to'))
      const refused = await post('/model/new', {
        model_name: 'n',
        litellm_params: { api_key: 'os.environ/KEY' },
      })
      expect([refused.status, refused.body.error.param]).toEqual([400, 'litellm_params.api_key'])
      expect(log).toEqual([said('references', why)])
    },
  )
})
