import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Pool } from 'pg'
import { postgresAdapter } from '../../lib/adapters/postgres'
import { draft } from '../support/draft'
import { testDatabase } from '../support/postgres-database'

const database = testDatabase()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function errorOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as { code: string; message: string },
  )
  return {
    code: error?.code ?? '',
    message: error?.message.replace(/^PostgreSQL database \S+( the pool)?: /, '') ?? '',
  }
}

/** What is said of an error of the driver. */
function told(code: string | undefined, message = 'canary', more: object = {}) {
  const error = Object.assign(new Error(`${message} canary`), code === undefined ? {} : { code }, more)
  const fails = (): Promise<never> => Promise.reject(error)
  return errorOf(postgresAdapter({ pool: { query: fails, connect: fails }, listenUrl: false }).list())
}

const untrusted =
  'its TLS certificate is not trusted; name the authority that signed it, as with sslrootcert in the URL or NODE_EXTRA_CA_CERTS.'
const noTls =
  'TLS could not be agreed on; check that it serves TLS there, in a version that this Node.js accepts.'
const wantsTls = 'it wants TLS; add sslmode=verify-full to the URL.'

describe('28 what went wrong and what to do is said of', () => {
  const errors: readonly (readonly [code: string | undefined, text: string, message: string])[] = [
    [
      '08P01',
      '',
      'it broke the protocol, or a pooler in between refused the connection; check that the port is that of PostgreSQL, and that the pooler knows this database and user.',
    ],
    ['08P01', 'connection is insecure (try using `sslmode=require`)', wantsTls],
    ['08P01', 'SSL required', wantsTls],
    ['28000', 'no pg_hba.conf entry for host "::1", user "canary", database "d", no encryption', wantsTls],
    ['28000', 'no pg_hba.conf entry for host "::1", user "canary", database "d", SSL off', wantsTls],
    ['28000', 'SSL connection is required. Please specify SSL options and retry.', wantsTls],
    ['28000', 'no pg_hba.conf entry', 'it refused the user; see pg_hba.conf.'],
    ['28P01', '', 'it refused the password.'],
    [
      '55P03',
      '',
      'somebody else holds a lock for longer than its lock_timeout; look for long transactions in pg_stat_activity.',
    ],
    [
      '42703',
      '',
      'a column of its tables is missing: they were altered by hand, or are not of this package.',
    ],
    [
      '54000',
      '',
      'a model is larger than it can keep (54000): an id of some kilobytes, or a very deep value.',
    ],
    ['53300', '', 'it has no connection left; raise max_connections, or make the pools smaller.'],
    ['53400', '', 'it has run out of something (53400); see its log.'],
    [
      '26000',
      '',
      'a prepared statement is gone; behind a pooler with transaction pooling, the pool must not prepare statements.',
    ],
    ['40P01', '', 'others held locks crosswise; try again.'],
    ['XX000', '', 'it failed inside (XX000); see its log.'],
    ['HV000', '', 'it failed with HV000; see its log.'],
    ['a canary', '', 'it failed; see its log.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', '', untrusted],
    ['SELF_SIGNED_CERT_IN_CHAIN', '', untrusted],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '', untrusted],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', '', untrusted],
    ['CERT_HAS_EXPIRED', '', 'its TLS certificate has expired; renew it.'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      '',
      'its TLS certificate is for another host name; use a name that the certificate has.',
    ],
    ['EPROTO', '', noTls],
    ['ERR_SSL_WRONG_VERSION_NUMBER', '', noTls],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', '', noTls],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      '',
      'it does not accept the certificate of this client, or got none; see sslcert and sslkey in the URL.',
    ],
    [
      'ERR_OSSL_PEM_NO_START_LINE',
      '',
      'a certificate or key that its URL names cannot be used; check sslcert, sslkey and sslrootcert.',
    ],
    ['ENOENT', '', 'a file or socket that its URL names (host, sslcert, sslkey, sslrootcert) is not there.'],
    [
      undefined,
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      'it wants a password, and none was given.',
    ],
    [
      undefined,
      'Cannot use a pool after calling end on the pool',
      'the pool that was passed in was ended by its owner.',
    ],
    [undefined, 'timeout exceeded when trying to connect', 'it does not answer in time.'],
    [undefined, 'Connection terminated unexpectedly', 'the connection broke or could not be made.'],
  ]
  it.each(errors)('%s %s', async (code, text, message) => {
    const error = await told(code, text)
    expect(error.message).toBe(message)
    expect(error.message).not.toContain('canary')
  })

  const answers: readonly (readonly [string, (socket: Socket) => void, string])[] = [
    [
      'a server without TLS',
      (socket) => void socket.write('N'),
      'it does not serve TLS, which the URL demands; switch TLS on there, or use sslmode=disable on a network that you trust.',
    ],
    [
      'another kind of server',
      (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'what listens there does not speak TLS as PostgreSQL does; check the port, and what is in between.',
    ],
    [
      'a server that means something else by TLS',
      (socket) => void socket.write('S', () => socket.once('data', () => socket.write('not a greeting'))),
      noTls,
    ],
  ]
  it.each(answers)('%s', async (_, answer, message) => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).once('data', () => answer(socket))
    }).listen(0, '127.0.0.1')
    ends.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `postgres://canary:canary@127.0.0.1:${port}/d?sslmode=verify-full`
    const adapter = postgresAdapter({ url, listenUrl: false })
    ends.push(() => adapter.close())
    expect(await errorOf(adapter.list())).toEqual({ code: 'storage_unavailable', message })
  })
})

describe('28 of a table that is gone it is said', () => {
  async function without(schema: string, drop: string) {
    const pool = new Pool({ connectionString: database.url })
    ends.push(() => pool.end())
    const adapter = postgresAdapter({ pool, schema, listenUrl: false })
    await adapter.create(draft('one'))
    await database.query(drop)
    const reopened = () => postgresAdapter({ pool, schema, listenUrl: false })
    return { adapter, reopened }
  }

  it('that a restart does not make it anew, where it does not', async () => {
    const { adapter, reopened } = await without('part', 'drop table part.express_model_management_models')
    const error = {
      code: 'storage_unavailable',
      message:
        'a table in schema "part" is gone, although its list of migrations says that it was made; restore it from a backup, or use another schema to begin empty.',
    }
    expect(await errorOf(adapter.list())).toEqual(error)
    expect(await errorOf(reopened().list())).toEqual(error)
  })

  it('that a restart makes it anew, empty, where it does', async () => {
    const { adapter, reopened } = await without('whole', 'drop schema whole cascade')
    expect(await errorOf(adapter.list())).toEqual({
      code: 'storage_unavailable',
      message:
        'the tables in schema "whole" are gone; restore them from a backup, or, to begin empty, drop what is left of them and restart.',
    })
    expect(await reopened().list()).toEqual([])
  })
})

describe('28 a model that cannot be kept is refused, the others are not,', () => {
  const schema = 'refusing'
  const refusals: readonly (readonly [string, string, string, string])[] = [
    [
      'whose id does not fit into an index',
      '',
      Array.from({ length: 3000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join(''),
      'a model is larger than it can keep (54000): an id of some kilobytes, or a very deep value.',
    ],
    [
      'which a constraint forbids',
      `alter table ${schema}.express_model_management_models add constraint mine check (id <> 'bad')`,
      'bad',
      'a constraint of its tables refused it (23514); they were altered by hand.',
    ],
    [
      'which a trigger forbids',
      `create function ${schema}.no() returns trigger language plpgsql as $$ begin
         if new.id = 'bad' then raise 'canary'; end if; return new; end $$;
       create trigger mine before insert on ${schema}.express_model_management_models
         for each row execute function ${schema}.no()`,
      'bad',
      'a trigger of the database refused it.',
    ],
    [
      'where a column was added that must be filled',
      `alter table ${schema}.express_model_management_models add column mine text;
       create function ${schema}.fill() returns trigger language plpgsql as $$ begin
         new.mine := case when new.id = 'bad' then null else 'x' end; return new; end $$;
       create trigger mine before insert on ${schema}.express_model_management_models
         for each row execute function ${schema}.fill();
       alter table ${schema}.express_model_management_models alter column mine set not null`,
      'bad',
      'a constraint of its tables refused it (23502); they were altered by hand.',
    ],
  ]
  it.each(refusals)('%s', async (_, alteration, id, message) => {
    const adapter = postgresAdapter({ url: database.url, schema, listenUrl: false })
    ends.push(async () => {
      await adapter.close()
      await database.query(`drop schema ${schema} cascade`)
    })
    await adapter.init()
    if (alteration !== '') await database.query(alteration)
    const [bad, good] = await Promise.all([errorOf(adapter.create(draft(id))), adapter.create(draft('good'))])
    expect(bad).toEqual({ code: 'storage_refused', message })
    expect(good).toMatchObject({ ok: true })
    expect((await adapter.list()).map((model) => model.id)).toEqual(['good'])
  })
})
