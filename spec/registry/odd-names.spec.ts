import { makeApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const callers = [
  undefined,
  { userId: 'u', role: 'internal_user' },
  { userId: 'n', role: 'internal_user', models: ['m', 'openai/*'] },
  { userId: 't', role: 'internal_user', teams: [{ id: 'a', models: ['m*'] }] },
  { userId: 'a', role: 'proxy_admin' },
] as const
const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error('looked at')
    },
  },
)
const odd: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  NaN,
  Infinity,
  10n,
  Symbol('m'),
  () => 'm',
  [],
  ['m'],
  ['openai/x'],
  {},
  { length: 3 },
  { name: 'm' },
  { toString: () => 'm' },
  new String('m'),
  Object.create(null),
  new Date(0),
  new Map(),
  Buffer.from('m'),
  trap,
]

describe.each([
  ['names', [{ model_name: 'm', litellm_params: { model: 'x' } }]],
  [
    'patterns and aliases',
    [
      { model_name: 'openai/*', litellm_params: { model: 'openai/*' } },
      { model_name: '*', litellm_params: { model: '*' } },
    ],
  ],
])('what is no text is unknown where there are %s', (_what, model_list) => {
  it('whoever asks, and whatever it is', async () => {
    const router_settings = {
      model_group_alias: { undefined: 'm', null: 'm', '': 'm', '[object Object]': 'openai/x' },
    }
    const { router } = await makeApp({ config: files.write({ model_list, router_settings }) })
    const { registry } = router
    const none = { outcome: 'unknown', deployments: [] }
    for (const value of odd as readonly string[])
      for (const caller of callers) {
        expect(registry.resolve(value, caller)).toEqual([])
        expect(registry.resolution(value, caller)).toEqual(none)
        expect(await registry.resolveFresh(value, caller)).toEqual(none)
      }
  })
})

it.each(['', ' ', '__proto__', 'constructor', 'toString', '\u0000', '\ud800', '*'])(
  '%j is a name that nobody has',
  async (name) => {
    const { router } = await makeApp()
    const none = { outcome: 'unknown', deployments: [] }
    expect(router.registry.resolution(name)).toEqual(none)
    expect(await router.registry.resolveFresh(name)).toEqual(none)
  },
)
