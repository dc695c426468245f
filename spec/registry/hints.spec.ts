import type { ChangeListener, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import { draft } from '../support/draft'

const turn = (): Promise<void> => new Promise(setImmediate)

interface Oddity {
  /** What watch() gives. */
  readonly ending?: unknown
  /** Tells of a change whenever this is asked. */
  readonly tellsAt?: 'list' | 'get'
}

/** A router over storage that tells of changes when the spec says so, and what was asked of it. */
async function hinted({ ending = async () => {}, tellsAt }: Oddity = {}) {
  const storage = memoryAdapter()
  let listener: ChangeListener = () => {}
  let asked: string[] = []
  const adapter: ModelAdapter = {
    ...storage,
    async list() {
      asked.push('list')
      if (tellsAt === 'list') listener('all')
      return storage.list()
    },
    async get(id) {
      asked.push(id)
      if (tellsAt === 'get') listener([id])
      return storage.get(id)
    },
    async watch(given) {
      asked.push('watch')
      listener = given
      return ending as never
    },
  }
  const app = await makeApp({ adapter, refreshMs: 3_600_000 })
  await turn()
  return {
    ...app,
    storage,
    /** Anything, as adapters may. */
    tell: (...given: readonly unknown[]) => listener(...(given as Parameters<ChangeListener>)),
    /** Since it was last asked. */
    asked: () => asked.splice(0),
    async shows(id: string) {
      while (app.router.registry.resolve('smart').every((one) => one.id !== id)) await turn()
    },
  }
}

describe('what an adapter tells without sense', () => {
  it.each<[string, readonly unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['a number', [5]],
    ['an id, but no list of it', ['one']],
    ['an object', [{ ids: ['one'] }]],
    ['ids of which some are none', [['two', null, 5]]],
  ])('is taken for everything: %s', async (_what, given) => {
    const { asked, shows, storage, tell } = await hinted()
    await storage.create(draft('one'))
    asked()
    tell(...given)
    await shows('one')
    expect(asked()).toEqual(['list'])
  })

  it.each<[string, unknown]>([
    ['a number', 5],
    ['a text', '1'],
    ['an object', {}],
    ['a list of something else', [{}]],
  ])('of revisions does not keep the ids from being read: %s', async (_what, revisions) => {
    const { asked, shows, storage, tell } = await hinted()
    await storage.create(draft('one'))
    asked()
    tell(['one'], revisions)
    await shows('one')
    expect(asked()).toEqual(['one'])
  })
})

it('a hundred thousand hints at once are one read', async () => {
  const { asked, shows, storage, tell } = await hinted()
  asked()
  for (let at = 0; at < 100_000; at++) tell([`id ${at}`])
  await storage.create(draft('one'))
  await shows('one')
  await turn()
  expect(asked()).toEqual(['list'])
})

it.each(['list', 'get'] as const)(
  'an adapter that tells of a change at each %s() does not keep the process from its work',
  async (tellsAt) => {
    const { get, shows, storage, tell } = await hinted({ tellsAt })
    await storage.create(draft('one'))
    tell(['one'])
    await shows('one')
    expect((await get('/model/info?litellm_model_id=one')).status).toBe(200)
    expect((await get('/model/info')).body.data).toMatchObject([{ model_info: { id: 'one' } }])
  },
)

it('whoever asks for a read of everything has it, also while hints come without end', async () => {
  const { router, storage } = await hinted({ tellsAt: 'list' })
  const { registry } = router
  await storage.create(draft('one'))
  await registry.reload()
  expect(registry.list().map((one) => one.model_info['id'])).toEqual(['one'])
  await storage.create(
    draft('two', { deployment: { model_name: 'new', litellm_params: {}, model_info: {} } }),
  )
  expect((await registry.resolveFresh('new')).outcome).toBe('found')
})

it.each([
  ['null', null],
  ['a number', 5],
])('an adapter whose watch() gives %s is asked to watch once, and that is said', async (_what, ending) => {
  const { asked, log, router, shows, storage, tell } = await hinted({ ending })
  await router.registry.reload()
  await router.registry.reload()
  expect(asked()).toEqual(['watch', 'list', 'list', 'list'])
  await storage.create(draft('one'))
  tell(['one'])
  await shows('one')
  await router.close()
  tell('all')
  const message = 'watch() gave no function that ends it: the adapter goes on after the router is closed'
  expect([asked(), log]).toEqual([['one'], [{ level: 'warn', details: { source: 'memory' }, message }]])
})
