import type { Config } from '../../lib/config/load-config'
import { aliasesIn, fallbacksIn } from '../../lib/registry/router-settings'

const config = (routerSettings: object, litellmSettings: object = {}): Config =>
  ({ routerSettings, litellmSettings }) as Config

it.each<[string, Config | undefined, readonly object[]]>([
  ['no file', undefined, []],
  ['none', config({}), []],
  ['no mapping', config({ model_group_alias: ['a'] }), []],
  [
    'names, targets that are hidden and ones that are not, and what is neither',
    config({
      model_group_alias: {
        plain: 'a',
        hidden: { model: 'b', hidden: true },
        shown: { model: 'c', hidden: 'true' },
        targetless: { hidden: true },
        number: 5,
      },
    }),
    [
      { alias: 'plain', target: 'a', hidden: false },
      { alias: 'hidden', target: 'b', hidden: true },
      { alias: 'shown', target: 'c', hidden: false },
    ],
  ],
])('aliases of %s', (_what, given, aliases) => {
  expect(aliasesIn(given)).toEqual(aliases)
})

describe('fallbacks', () => {
  const none = { general: new Map(), context_window: new Map(), content_policy: new Map() }

  it.each<[string, Config | undefined, object]>([
    ['of no file', undefined, {}],
    ['that are no list', config({ fallbacks: { a: ['b'] } }), {}],
    [
      'by kind, from either section, the first before the second',
      config(
        { fallbacks: [{ a: ['b', 'c'] }, { d: ['e'] }], content_policy_fallbacks: [{ a: ['p'] }] },
        { fallbacks: [{ a: ['never'] }], context_window_fallbacks: [{ a: ['w'] }] },
      ),
      {
        general: new Map([
          ['a', ['b', 'c']],
          ['d', ['e']],
        ]),
        context_window: new Map([['a', ['w']]]),
        content_policy: new Map([['a', ['p']]]),
      },
    ],
    [
      'with what are no names left out',
      config({ fallbacks: [{ a: ['b', 5, null], c: 'd' }, 'e', null] }),
      {
        general: new Map([
          ['a', ['b']],
          ['c', []],
        ]),
      },
    ],
  ])('%s', (_what, given, fallbacks) => {
    expect(fallbacksIn(given)).toEqual({ ...none, ...fallbacks })
  })
})
