import express from 'express'
import type { RequestHandler } from 'express'
import supertest from 'supertest'
import { memoryAdapter, modelManagementRouter, postgresAdapter, sealed } from '../../lib'
import { sqliteAdapter, yamlFileAdapter } from '../../lib'
import { conformanceCases } from '../../lib/testing'
import { makeApp, startApp } from '../support/app'

const refusal = (message: string, param: string): Error =>
  expect.objectContaining({ name: 'ModelManagementError', code: 'invalid_option', message, param })
const nothing: readonly unknown[] = [
  undefined,
  null,
  'models.db',
  5,
  true,
  [],
  ['x'],
  () => ({}),
  new Map(),
  Promise.resolve({}),
]

const factories: readonly (readonly [string, (options: never) => unknown, string, readonly unknown[]])[] = [
  ['sqliteAdapter', sqliteAdapter, "{ file: 'models.db' }", nothing],
  ['postgresAdapter', postgresAdapter, "{ url: 'postgres://user:password@host:5432/database' }", nothing],
  ['yamlFileAdapter', yamlFileAdapter, "{ file: 'models.yaml' }", nothing],
  ['memoryAdapter', memoryAdapter, '', nothing.slice(1)],
  [
    'sealed',
    (options) => sealed(memoryAdapter(), options),
    'adapter, { keys: process.env.SEALING_KEY }',
    nothing,
  ],
]

describe.each(factories)('%s', (of, make, example, wrong) => {
  it('says how it is called where it is given no options', () => {
    for (const options of wrong)
      expect(() => make(options as never)).toThrow(
        refusal(`${of}() needs its options as an object: ${of}(${example}).`, 'options'),
      )
  })
})

it.each<[(options: never) => unknown, object, string, string]>([
  [sqliteAdapter, { fiel: 'a' }, 'fiel', "sqliteAdapter: there is no option 'fiel'. Did you mean 'file'?"],
  [
    sqliteAdapter,
    { file: 'a', pollMS: 5 },
    'pollMS',
    "sqliteAdapter: there is no option 'pollMS'. Did you mean 'pollMs'?",
  ],
  [postgresAdapter, { uri: 'a' }, 'uri', "postgresAdapter: there is no option 'uri'. Did you mean 'url'?"],
  [
    yamlFileAdapter,
    { File: 'a' },
    'File',
    "yamlFileAdapter: there is no option 'File'. Did you mean 'file'?",
  ],
  [memoryAdapter, { stor: {} }, 'stor', "memoryAdapter: there is no option 'stor'. Did you mean 'store'?"],
  [memoryAdapter, { file: 'a' }, 'file', "memoryAdapter: there is no option 'file'. Known are: store."],
  [
    (options) => sealed(memoryAdapter(), options),
    { key: 'a' },
    'key',
    "sealed: there is no option 'key'. Did you mean 'keys'?",
  ],
])('%p with %j', (make, options, param, message) => {
  expect(() => make(options as never)).toThrow(refusal(message, param))
})

/** [what stands in the place of an adapter, what is said of it] */
const noAdapters: readonly (readonly [string, unknown, string])[] = [
  [
    'sqliteAdapter',
    sqliteAdapter,
    'an adapter, and is the function that makes one. Call it: sqliteAdapter({ file })',
  ],
  [
    'postgresAdapter',
    postgresAdapter,
    'an adapter, and is the function that makes one. Call it: postgresAdapter({ url })',
  ],
  [
    'memoryAdapter',
    memoryAdapter,
    'an adapter, and is the function that makes one. Call it: memoryAdapter()',
  ],
  [
    'a class',
    class {
      list() {}
    },
    'an adapter, and is the function that makes one. Call it',
  ],
  ['a promise', Promise.resolve(memoryAdapter()), 'an adapter, and is a promise. Await it'],
  [
    'options',
    { file: 'a' },
    'an adapter, as sqliteAdapter({ file }) makes one: an object with the methods list, get',
  ],
  [
    'a part of one',
    { list() {} },
    'an adapter, as sqliteAdapter({ file }) makes one: an object with the method get',
  ],
  [
    'a text',
    'sqlite',
    'an adapter, as sqliteAdapter({ file }) makes one: an object with the methods list, get',
  ],
  ['null', null, 'an adapter, as sqliteAdapter({ file }) makes one: an object with the methods list, get'],
]
it.each(noAdapters)('%s is no adapter, for the router nor for sealed()', (_what, adapter, wanted) => {
  expect(() => startApp({ adapter: adapter as never })).toThrow(
    refusal(`Option 'adapter' must be ${wanted}.`, 'adapter'),
  )
  expect(() => sealed(adapter as never, { keys: 'k'.repeat(16) })).toThrow(
    refusal(`What sealed() is given first must be ${wanted}.`, 'adapter'),
  )
})

it.each<[object, string]>([
  [{ auth: [{ key: 'k' }] }, "Option 'auth' must be an object, or a function."],
  [{ limits: [] }, "Option 'limits' must be an object."],
  [{ limits: '5' }, "Option 'limits' must be an object."],
  [{ limits: { maxModels: '5' } }, "Option 'limits.maxModels' must be a whole number above 0."],
  [{ limits: new Map() }, "Option 'limits' must be an object."],
  [{ env: ['A=b'] }, "Option 'env' must be an object."],
  [
    { costMap: Promise.resolve({}) },
    "Option 'costMap' must be a non-empty string, or a URL, or an object, or a function.",
  ],
  [{ bodyLimit: '1mb' }, "Option 'bodyLimit' must be a whole number above 0."],
  [{ wildcard: 'hide' }, "There is no option 'wildcard'. Did you mean 'wildcards'?"],
])('%p keeps the router from starting', (options, message) => {
  expect(() => startApp(options)).toThrow(expect.objectContaining({ code: 'invalid_option', message }))
})

it.each([
  ['refreshMs', '', [0]],
  ['configWatchMs', '0, or ', []],
])('%s is what a timer takes', async (name, more, others) => {
  const message = `Option '${name}' must be ${more}a whole number of milliseconds from 1 to 2147483647.`
  for (const ms of [2 ** 31, 3e9, Infinity, NaN, -1, 0.5, '500', null, 5n, ...others])
    expect(() => startApp({ [name]: ms })).toThrow(refusal(message, name))
  await makeApp({ [name]: 2 ** 31 - 1 })
})

it.each([2 ** 31, 0, Infinity])(
  'watchMs of yamlFileAdapter is what a timer takes, and %p is not',
  (watchMs) => {
    expect(() => yamlFileAdapter({ file: 'a.yaml', watchMs })).toThrow(
      refusal(
        'yamlFileAdapter: watchMs must be a whole number of milliseconds from 1 to 2147483647.',
        'watchMs',
      ),
    )
  },
)

it('the factory itself as a middleware says that it has to be called', async () => {
  const app = express().use(modelManagementRouter as unknown as RequestHandler)
  const told: unknown[] = []
  app.use(((error, _request, response, _next) => {
    told.push(error)
    response.sendStatus(500)
  }) as express.ErrorRequestHandler)
  await supertest(app).get('/model/info')
  expect(told).toEqual([
    refusal(
      'modelManagementRouter makes the router and is not it. Call it: app.use(modelManagementRouter(options)).',
      'options',
    ),
  ])
})

describe('registry', () => {
  it.each<[unknown, unknown, string, string]>([
    ['changed', () => {}, "There is no event 'changed'. Did you mean 'change'?", 'event'],
    ['Change', () => {}, "There is no event 'Change'. Did you mean 'change'?", 'event'],
    ['update', () => {}, "There is no event 'update'. Known are: change.", 'event'],
    [() => {}, undefined, "There is no event of that name. Known is: 'change'.", 'event'],
    ['change', undefined, "on('change', listener) needs a function as its listener.", 'listener'],
    ['change', {}, "on('change', listener) needs a function as its listener.", 'listener'],
  ])('on(%p, %p) throws', async (event, listener, message, param) => {
    const { router } = await makeApp()
    expect(() => router.registry.on(event as 'change', listener as () => void)).toThrow(
      refusal(message, param),
    )
  })

  it('takes nobody for the host by mistake', async () => {
    const { registry } = (await makeApp()).router
    const wrong = expect.objectContaining({ code: 'invalid_option', param: 'caller' })
    for (const caller of [null, 'ann', 5, {}, [], { userId: 'u', role: 'root' }] as never[]) {
      expect(() => registry.list(caller)).toThrow(wrong)
      expect(() => registry.resolve('m', caller)).toThrow(wrong)
      await expect(registry.get('m', caller)).rejects.toEqual(wrong)
      await expect(registry.create({ model_name: 'm', litellm_params: {} }, caller)).rejects.toEqual(wrong)
    }
  })

  it.each([undefined, null, 5, {}, []])('has no model with the id %j', async (id) => {
    const { router } = await makeApp()
    expect(await router.registry.get(id as never)).toBeUndefined()
  })
})

it.each<[unknown, string]>([
  [undefined, 'conformance options need create: () => adapter'],
  [{}, 'conformance options need create: () => adapter'],
  [{ create: memoryAdapter() }, 'conformance options need create: () => adapter'],
  [
    { create: memoryAdapter, peers() {} },
    "there is no conformance option 'peers'; known are create, peer, reopen, outage, absent, waitMs",
  ],
  [{ create: memoryAdapter, peer: 5 }, "conformance option 'peer' must be a function"],
  [
    { create: memoryAdapter, absent: ['pong'] },
    "conformance option 'absent' must be a list of init, close, ping, watch, batch, readSettings, writeSettings, version, revisions",
  ],
  [
    { create: memoryAdapter, waitMs: 3e9 },
    "conformance option 'waitMs' must be a whole number of milliseconds from 1 to 2147483647",
  ],
])('conformanceCases(%p) throws', (options, message) => {
  expect(() => conformanceCases(options as never)).toThrow(message)
})
