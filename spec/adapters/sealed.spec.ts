import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { memoryAdapter, memoryStore, type MemoryStore } from '../../lib/adapters/memory'
import { sealed, type SealedOptions } from '../../lib/adapters/sealed'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { registerConformance } from '../../lib/testing'
import { canaryDeployment, findCanaries } from '../support/canary'
import { draft } from '../support/draft'
import { one, over, rawOf, sealedAs, textOf, two } from '../support/sealed'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const freshFile = (): string => join(folder, `${(files += 1)}.db`)

describe('the contract over memory', () => {
  const stores = new WeakMap<ModelAdapter, MemoryStore>()
  function open(store: MemoryStore) {
    const adapter = over(store).with(one)
    stores.set(adapter, store)
    return adapter
  }
  const again = (adapter: ModelAdapter) => open(stores.get(adapter)!)
  registerConformance(test, {
    create: () => open(memoryStore()),
    peer: again,
    reopen: again,
    absent: ['version', 'revisions'],
  })
})

describe('the contract over SQLite', () => {
  const places = new WeakMap<ModelAdapter, string>()
  function open(file: string) {
    const adapter = sealed(sqliteAdapter({ file, pollMs: 10 }), { keys: [two, one] })
    places.set(adapter, file)
    return adapter
  }
  const again = (adapter: ModelAdapter) => open(places.get(adapter)!)
  registerConformance(test, { create: () => open(freshFile()), peer: again, reopen: again })
})

describe('the contract over an adapter with no more than it must have', () => {
  function bare(): ModelAdapter {
    const { name, durable, list, get, create, update, delete: remove } = memoryAdapter()
    return { name, durable, list, get, create, update, delete: remove }
  }
  registerConformance(test, {
    create: () => sealed(bare(), { keys: [one] }),
    absent: ['close', 'ping', 'watch', 'batch', 'readSettings', 'writeSettings', 'version', 'revisions'],
  })
})

describe('storage', () => {
  test('the files of SQLite hold no secret, in no field, after any kind of write', async () => {
    const file = freshFile()
    const plain = sqliteAdapter({ file })
    const adapter = sealed(plain, { keys: [one] })
    await adapter.create(draft('one', { deployment: canaryDeployment() }))
    await adapter.update(draft('one', { deployment: canaryDeployment(100) }))
    await adapter.batch?.([
      { kind: 'create', draft: draft('two', { deployment: canaryDeployment(200) }) },
      { kind: 'update', draft: draft('two', { deployment: canaryDeployment(300) }) },
    ])
    const dump = readdirSync(folder)
      .filter((name) => join(folder, name).startsWith(file))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(dump.length).toBeGreaterThan(1)
    expect(findCanaries(dump.join('\n'))).toEqual([])
    expect(await adapter.get('one')).toMatchObject({ deployment: canaryDeployment(100) })
    await adapter.close?.()
  })

  test('shows the name, blocked and the audit fields of a model, and which key it is sealed with', async () => {
    const { raw, with: keyed } = over()
    await keyed(one).create(draft('one'))
    expect(await rawOf(raw, 'one')).toEqual({
      ...draft('one'),
      deployment: {
        model_name: 'smart',
        litellm_params: { sealed: expect.stringMatching(/^sealed:v1:k1:[\w-]+$/) },
        model_info: {},
      },
    })
  })

  test('never holds the same text twice', async () => {
    const { raw, with: keyed } = over()
    const adapter = keyed(one)
    await adapter.create(draft('one'))
    const before = await rawOf(raw, 'one')
    await adapter.update(draft('one'))
    expect((await rawOf(raw, 'one')).deployment).not.toEqual(before.deployment)
  })

  test('what another implementation of the format has sealed is opened', async () => {
    const { raw, with: keyed } = over()
    // Made with Python's cryptography.
    const text =
      'sealed:v1:known:AAECAwQFBgcICQoLu4J-vDre1d1KE6sttNNkC9GG8-R7hhGivhI6o4ri_cR8p0orSVLTLP_3wxE0O8JEJtZIe_0PK5AhbGPhDntHgKF_V6wGHggirHOcOcD0zFWEpWX6tJ512N1u_cjTtGQv-0bcFsa5MabJu2-Pu4h3'
    await raw.create(draft('one', { deployment: sealedAs(text) }))
    expect(await keyed({ id: 'known', secret: 'known-answer-secret' }).get('one')).toMatchObject({
      deployment: {
        model_name: 'smart',
        litellm_params: { model: 'openai/gpt-4o', api_key: 'k' },
        model_info: {},
      },
    })
  })
})

test('settings are kept in clear', async () => {
  const { raw, with: keyed } = over()
  await keyed(one).writeSettings?.({ groups: { fast: ['a'] } })
  expect(await raw.readSettings?.()).toEqual({ groups: { fast: ['a'] } })
  expect(await keyed(two).readSettings?.()).toEqual({ groups: { fast: ['a'] } })
})

test('methods of a class are called on it', async () => {
  class Host {
    readonly inner = memoryAdapter()
    readonly name = 'class'
    readonly durable = false
    async ping(): Promise<void> {
      await this.inner.ping()
    }
    async readSettings(): Promise<unknown> {
      return this.inner.readSettings()
    }
    async writeSettings(settings: { limit: number }): Promise<void> {
      await this.inner.writeSettings(settings)
    }
  }
  const host = Object.assign(new Host(), {
    list: () => Promise.resolve([]),
    get: () => Promise.resolve(undefined),
  })
  const adapter = sealed(host as unknown as ModelAdapter, { keys: [one] })
  await adapter.ping?.()
  await adapter.writeSettings?.({ limit: 3 })
  expect(await adapter.readSettings?.()).toEqual({ limit: 3 })
})

test('a secret without an id is known by its fingerprint', async () => {
  const { raw } = over()
  await sealed(raw, { keys: one.secret }).create(draft('one'))
  expect(await sealed(raw, { keys: [two.secret, one.secret] }).get('one')).toMatchObject(draft('one'))
  expect(textOf(await rawOf(raw, 'one'))).toMatch(/^sealed:v1:[\da-f]{8}:/)
})

describe('options that cannot be', () => {
  test.each<[string, unknown, string]>([
    ['no key', { keys: [] }, "Option 'keys' of sealed() must hold at least one key."],
    ['no keys', {}, "Option 'keys' of sealed() must be a secret, or a list of secrets or of { id, secret }."],
    [
      'a short secret',
      { keys: 'sk-1234' },
      "Option 'keys' of sealed() must hold secrets of at least 16 characters. A good one comes from: openssl rand -base64 32.",
    ],
    [
      'an id with a colon',
      { keys: [{ ...one, id: 'a:b' }] },
      "Option 'keys' of sealed() must hold ids of up to 64 letters, digits, '.', '_' and '-'.",
    ],
    [
      'one id twice',
      { keys: [one, { ...two, id: 'k1' }] },
      "Option 'keys' of sealed() must not hold two keys of one id.",
    ],
    [
      'an empty salt key',
      { keys: [one], litellmSaltKey: '' },
      "Option 'litellmSaltKey' of sealed() must be a non-empty string.",
    ],
    [
      'a word for plain rows that there is not',
      { keys: [one], plainRows: false },
      "Option 'plainRows' of sealed() must be 'accept' or 'refuse'.",
    ],
    [
      'an option that there is not',
      { keys: [one], key: 1 },
      "sealed: there is no option 'key'. Did you mean 'keys'?",
    ],
  ])('%s', (_what, options, told) => {
    expect(() => sealed(memoryAdapter(), options as SealedOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: told }),
    )
  })
})
