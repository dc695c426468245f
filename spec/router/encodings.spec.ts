import { setTimeout as pause } from 'node:timers/promises'
import supertest from 'supertest'
import { makeApp, masterKey } from '../support/app'
import type { TestApp } from '../support/app'

const many = Array.from({ length: 20 }, (_, at) => ({
  model_name: `m${at}`,
  litellm_params: { model: 'openai/gpt-4o' },
}))

async function filled(): Promise<TestApp> {
  const made = await makeApp()
  for (const model of many) await made.post('/model/new', model)
  return made
}

function asked({ app }: TestApp, accepted: string, more: Record<string, string> = {}): supertest.Test {
  return supertest(app)
    .get('/model/info')
    .set({ 'x-api-key': masterKey, 'Accept-Encoding': accepted, ...more })
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => done(null, Buffer.concat(parts)))
    })
}

/** Asked for until it comes compressed. */
async function compressed(made: TestApp, accepted: string): Promise<supertest.Response> {
  for (let time = 0; time < 200; time++) {
    const answer = await asked(made, accepted)
    if (answer.headers['content-encoding'] !== undefined) return answer
    await pause(5)
  }
  throw new Error('it never came compressed')
}

it.each([
  ['gzip', 'gzip, deflate'],
  ['br', 'gzip, deflate, br'],
  ['gzip', 'br;q=0, gzip;q=0.5'],
])('a list that is asked for again is sent as %s to clients that accept %s', async (coding, accepted) => {
  const made = await filled()
  const plain = await asked(made, 'identity')
  const { headers, body } = await compressed(made, accepted)
  expect(headers).toMatchObject({
    'content-encoding': coding,
    vary: 'Accept-Encoding',
    etag: `${String(plain.headers['etag']).slice(0, -1)}-${coding}"`,
  })
  // supertest has decoded it.
  expect((body as Buffer).equals(plain.body as Buffer)).toBe(true)
  expect(Number(headers['content-length'])).toBeLessThan((body as Buffer).length / 5)
  // Whoever does not accept it goes on receiving the plain bytes.
  const again = await asked(made, 'identity')
  expect([again.headers['content-encoding'], again.headers['etag']]).toEqual([
    undefined,
    plain.headers['etag'],
  ])
})

it('the validator of a compressed answer is answered with 304 and sent back', async () => {
  const made = await filled()
  const { etag } = (await compressed(made, 'gzip')).headers
  for (const accepted of ['gzip', 'identity']) {
    const { status, headers } = await asked(made, accepted, { 'If-None-Match': `"other", W/${etag}` })
    expect([status, headers['etag'], headers['content-encoding']]).toEqual([304, etag, undefined])
  }
})

it('after a write the list is the new one, in every encoding', async () => {
  const made = await filled()
  const before = await compressed(made, 'gzip')
  await made.post('/model/new', { model_name: 'added', litellm_params: { model: 'x' } })
  const after = await compressed(made, 'gzip')
  expect(after.headers['etag']).not.toBe(before.headers['etag'])
  expect((after.body as Buffer).toString()).toContain('"model_name":"added"')
})

it('a short answer is not compressed, and what a host varies by stays', async () => {
  const vary = (
    _request: unknown,
    response: { setHeader(name: string, value: string): void },
    next: () => void,
  ) => {
    response.setHeader('Vary', 'Origin')
    next()
  }
  const made = await makeApp({}, { before: [vary] })
  for (let time = 0; time < 5; time++) {
    const { headers } = await asked(made, 'gzip')
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, 'Origin, Accept-Encoding'])
    await pause(5)
  }
})
