import supertest from 'supertest'
import { ModelManagementError } from '../../lib/errors'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'

const secret = 'hunter22hunter22'
const error = (facts: object, message = `ldap://admin:${secret}@host`): Error =>
  Object.assign(new Error(message), facts)
const throwing = (thrown: unknown): Promise<TestApp> =>
  makeApp({
    auth: () => {
      throw thrown
    },
  })

const unauthenticated = (message = 'Invalid proxy server token passed.'): object => ({
  error: {
    message: `Authentication Error, ${message}`,
    type: 'token_not_found_in_db',
    param: 'key',
    code: '401',
  },
})
const forbidden = (message = 'Authentication Error, user not allowed to access this route.'): object => ({
  error: { message, type: 'auth_error', param: null, code: '403' },
})

describe('an error of the function auth that is a refusal is answered as such', () => {
  it.each<[string, unknown, number, object]>([
    ['status 401', error({ status: 401 }), 401, unauthenticated()],
    ['statusCode 401', error({ statusCode: 401 }), 401, unauthenticated()],
    ['status 403', error({ status: 403 }), 403, forbidden()],
    ['statusCode 403', error({ statusCode: 403 }), 403, forbidden()],
    ['both', error({ status: 403, statusCode: 403 }), 403, forbidden()],
    ['no error at all', { status: 401 }, 401, unauthenticated()],
    [
      'a message for callers',
      error({ status: 401, expose: true }, 'token expired'),
      401,
      unauthenticated('token expired'),
    ],
    ['another', error({ statusCode: 403, expose: true }, 'No seat left.'), 403, forbidden('No seat left.')],
    [
      'a message that is not for callers',
      error({ status: 403, expose: false }, 'No seat.'),
      403,
      forbidden(),
    ],
    ['a message with a secret', error({ status: 403, expose: true }), 403, forbidden()],
    ['a long message', error({ status: 403, expose: true }, 'x'.repeat(301)), 403, forbidden()],
    [
      'a message that says what clients act upon',
      error({ status: 401, expose: true }, 'user not found'),
      401,
      unauthenticated(),
    ],
    ['an empty message', error({ status: 403, expose: true }, ' '), 403, forbidden()],
    [
      'a refusal of another router',
      new ModelManagementError('unknown_key', 'Authentication Error, Invalid proxy server token passed.', {
        param: 'key',
      }),
      401,
      unauthenticated(),
    ],
  ])('%s', async (_what, thrown, status, answer) => {
    const { app, log } = await throwing(thrown)
    const response = await supertest(app).get('/model/info')
    expect([response.status, response.body, log]).toEqual([status, answer, []])
  })

  it('and tells of it to a host that asks itself', async () => {
    const thrown = error({ status: 403 })
    const { router } = await throwing(thrown)
    await expect(router.authenticate({ headers: {} } as never)).rejects.toMatchObject({
      code: 'forbidden',
      cause: thrown,
    })
  })
})

/** [what, thrown, class in the log, message in the log] */
const defects: readonly (readonly [string, unknown, string, string])[] = [
  ['a plain error', new Error('the directory is closed'), 'Error', 'the directory is closed'],
  ['an error of a kind', new TypeError('x is undefined'), 'TypeError', 'x is undefined'],
  ['status 404', error({ status: 404 }, 'no such user'), 'Error', 'no such user'],
  ['status 429', error({ status: 429 }, 'slow down'), 'Error', 'slow down'],
  ['status 500', error({ status: 500 }, 'oh'), 'Error', 'oh'],
  ['a status that is text', error({ status: '401' }, 'oh'), 'Error', 'oh'],
  [
    'an error of this package',
    new ModelManagementError('not_ready', 'Later.'),
    'ModelManagementError',
    'Later.',
  ],
  [
    'another one',
    new ModelManagementError('unknown_model', 'Model not found'),
    'ModelManagementError',
    'Model not found',
  ],
  ['a secret', error({}, `Bearer sk-${secret}`), 'Error', '********'],
  ['a short key', new Error('sk-short is no key of ours'), 'Error', '********'],
  ['the session of the request', new Error('no session pretty-words'), 'Error', '********'],
  ['a URL with a password', error({}), 'Error', 'ldap://host'],
  ['a long message', new Error('x'.repeat(400)), 'Error', `${'x'.repeat(299)}…`],
  ['a text', 'oh', 'string', 'oh'],
  ['undefined', undefined, 'undefined', ''],
  ['null', null, 'null', ''],
  ['a number', 401, 'number', ''],
  ['a symbol', Symbol('oh'), 'symbol', ''],
  ['an object without a prototype', Object.create(null), 'object', ''],
]

describe('any other error of the function auth is 500, and the log says what it was', () => {
  it.each(defects)('%s', async (_what, thrown, name, message) => {
    const { app, log } = await throwing(thrown)
    const { status, body, headers } = await supertest(app)
      .get('/model/info')
      .set('cookie', 'sid=pretty-words')
    const requestId = headers['x-request-id']
    expect([status, body]).toEqual([
      500,
      {
        error: {
          message: `Internal server error. The log tells more under request id ${requestId}.`,
          type: 'internal_server_error',
          param: null,
          code: '500',
        },
      },
    ])
    expect(log).toMatchObject([
      {
        level: 'error',
        details: { option: 'auth', class: name, message, frames: expect.any(Array) },
        message: "the function of option 'auth' threw; the caller is answered with 500",
      },
      {
        level: 'error',
        details: {
          requestId,
          path: '/model/info',
          code: 'invalid_option',
          message: `Option 'auth' threw ${name}. The log tells more.`,
        },
        message: 'a request failed',
      },
    ])
    expect(JSON.stringify([log, body])).not.toContain(secret)
    expect(JSON.stringify(log)).not.toMatch(/storage|model store/i)
  })

  it('where in the host, and where in this package', async () => {
    const lookUpUser = (): never => {
      throw new RangeError('oh')
    }
    const { app, log } = await makeApp({ auth: () => lookUpUser() })
    await supertest(app).get('/model/info')
    const [{ details }] = log as unknown as readonly [
      { readonly details: { readonly frames: readonly string[] } },
    ]
    const { frames } = details
    expect(frames[0]).toMatch(/^at lookUpUser \(.*host-auth\.spec\.ts:\d+:\d+\)$/)
    expect(frames.find((frame) => /lib.http.host-auth/.test(frame))).toBeDefined()
    expect(frames.length).toBeLessThanOrEqual(6)
  })

  it('what rejects with nothing, and what gives nonsense', async () => {
    const answers: readonly (readonly [unknown, RegExp])[] = [
      [undefined, /^Option 'auth' gave something that is not a caller: caller must be an object\.$/],
      [false, /caller must be an object/],
      [{}, /caller\.userId must be a non-empty string/],
      [{ userId: 'u', role: 'root' }, /caller\.role must be 'proxy_admin' or/],
    ]
    for (const [given, message] of answers) {
      const { app, log } = await makeApp({ auth: () => Promise.resolve(given) as never })
      expect((await supertest(app).get('/model/info')).status).toBe(500)
      expect(log).toMatchObject([
        { details: { code: 'invalid_option', message: expect.stringMatching(message) } },
      ])
    }
    const { app } = await makeApp({ auth: () => Promise.reject() })
    expect((await supertest(app).get('/model/info')).status).toBe(500)
  })
})
