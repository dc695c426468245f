import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import express from 'express'
import fc from 'fast-check'
import type { Deployment, ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore } from '../../lib/adapters/memory'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { sealed } from '../../lib/adapters/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { canonicalJson as canonical } from '../../lib/json'
import type { JsonObject, JsonValue } from '../../lib/json'
import { modelManagementRouter } from '../../lib/router'
import type { ModelManagementRouter } from '../../lib/router'
import { awkwardValues } from '../../lib/testing/awkward-values'
import { loggerInto, masterKey } from '../support/app'
import { inject } from '../support/inject'
import { testDatabase } from '../support/postgres-database'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const database = testDatabase()

/** Each opens the same storage again and again. */
const kinds: readonly (readonly [kind: string, runs: number, storage: () => () => ModelAdapter])[] = [
  [
    'memory',
    300,
    () => {
      const store = memoryStore()
      return () => memoryAdapter({ store })
    },
  ],
  ['SQLite', 200, () => () => sqliteAdapter({ file: join(folder, 'plain.db') })],
  [
    'sealed SQLite',
    200,
    () => () =>
      sealed(sqliteAdapter({ file: join(folder, 'sealed.db') }), {
        keys: [{ id: 'k', secret: 'a secret that is long enough' }],
      }),
  ],
  ['PostgreSQL', 200, () => () => postgresAdapter({ url: database.url })],
  ['YAML', 200, () => () => yamlFileAdapter({ file: join(folder, 'store.yaml') })],
]

const awkwardTexts = awkwardValues
  .flatMap(([, value]) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]))
  .filter((value) => typeof value === 'string')
  .filter((text) => text.length < 1000)
const text = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom(...awkwardTexts) },
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 16,
    arbitrary: fc.string({
      unit: fc.constantFrom('\n', '\t', ' ', ':', '#', "'", '"', '\\', 'a', '-', '\u0085', '\u2028'),
      maxLength: 8,
    }),
  },
  // What is refused, not kept.
  { weight: 1, arbitrary: fc.constantFrom('\u0000', '\ud800', '********') },
)
const key = fc.oneof(
  { weight: 30, arbitrary: text },
  { weight: 1, arbitrary: fc.constant('__proto__') },
  // Typed ones, and ones that objects have of themselves.
  { weight: 3, arbitrary: fc.constantFrom('api_key', 'rpm', 'model', 'id', 'blocked') },
  { weight: 10, arbitrary: fc.constantFrom('constructor', 'toString', '1', '<<', 'null', '') },
)
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 5e-324, 1.7976931348623157e308, 1e21, 1e-7, 2 ** 53 - 1, 0.1 + 0.2, 100, 1.5),
)
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.constantFrom(...awkwardValues.map(([, awkward]) => awkward)),
    fc.array(tie('value'), { maxLength: 3 }),
    objectOf(tie('value')),
  ),
}))

/** Made of pairs, as JSON is: `__proto__` is a key like any other. */
function objectOf(member: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(key, member), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs))
}

const bodies = fc
  .tuple(objectOf(value), text, objectOf(value), objectOf(value))
  .map(([extras, model_name, litellm_params, model_info]) => ({
    ...extras,
    model_name,
    litellm_params,
    model_info,
  }))

const ask = (router: ModelManagementRouter, method: string, url: string, body?: JsonObject) =>
  inject(express().use(router), { method, url, key: masterKey, body })

async function started(adapter: ModelAdapter): Promise<ModelManagementRouter> {
  const router = modelManagementRouter({ adapter, env: {}, logger: loggerInto([]), auth: { masterKey } })
  await router.ready()
  return router
}

/** What a body asks to be kept: its nulls say nothing, and some keys are the router's own. */
function kept(
  { model_name, litellm_params, model_info, ...extras }: Deployment,
  stored: Deployment,
): Deployment {
  const said = (object: JsonObject, own: readonly string[]) =>
    Object.fromEntries(
      Object.entries(object).filter(([name, member]) => member !== null && !own.includes(name)),
    )
  return {
    ...said(extras, ['id', 'blocked', 'rpm']),
    ...only(stored, 'rpm'),
    model_name,
    litellm_params: {
      ...said(litellm_params, isBlank(litellm_params['api_key']) ? ['rpm', 'api_key'] : ['rpm']),
      ...only(stored.litellm_params, 'rpm'),
    },
    model_info: said(model_info, ['id', 'blocked']),
  }
}

/** What a form sends for a field that is not filled in. */
function isBlank(member: JsonValue | undefined): boolean {
  return typeof member === 'string' && member.trim() === ''
}

/** A number may be sent as text, so what became of it is not foretold here. */
function only(object: JsonObject, name: string): JsonObject {
  return Object.hasOwn(object, name) && typeof object[name] === 'number' ? { [name]: object[name] } : {}
}

test.each(kinds)('any deployment is refused, or %s keeps it as it was sent', async (_, numRuns, storage) => {
  const open = storage()
  let adapter = open()
  let router = await started(adapter)
  const wanted = new Map<string, string>()

  async function restart(): Promise<void> {
    await router.close()
    adapter = open()
    router = await started(adapter)
    const shown = router.registry.list().map(({ model_info: info }) => info['id'])
    expect(shown).toEqual([...wanted.keys()])
    for (const [id, deployment] of wanted)
      expect(JSON.stringify((await adapter.get(id))?.deployment)).toBe(deployment)
  }

  try {
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        const id = randomUUID()
        const body = { ...sent, id, model_info: { ...sent.model_info, id } }
        const { status } = await ask(router, 'POST', '/model/new', body)
        const stored = (await adapter.get(id))?.deployment as Deployment | undefined
        if (status !== 200) {
          expect([Math.floor(status / 100), stored]).toEqual([4, undefined])
          return
        }
        expect(canonical(stored)).toBe(canonical(kept(body, stored!)))
        wanted.set(id, JSON.stringify(stored))
        if (wanted.size % 20 === 0) await restart()
      }),
      { numRuns },
    )
    expect(wanted.size).toBeGreaterThan(numRuns / 4)
    await restart()
  } finally {
    await router.close()
  }
})
