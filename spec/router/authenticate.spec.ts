import type { IncomingMessage } from 'node:http'
import express from 'express'
import supertest from 'supertest'
import type { ModelManagementError } from '../../lib/errors'
import type { Authenticate } from '../../lib/options/auth'
import { makeApp, masterKey } from '../support/app'

const asking = (headers: Record<string, string>): IncomingMessage =>
  ({ headers }) as unknown as IncomingMessage

describe('authenticate() for the routes of the host', () => {
  it('gives the caller of a key, which has no key in it', async () => {
    const keys = [{ key: 'sk-team', userId: 'ann', role: 'internal_user', models: ['gpt-4'] }] as const
    const { router } = await makeApp({ auth: { masterKey, keys } })
    expect(await router.authenticate(asking({ authorization: `Bearer ${masterKey}` }))).toEqual({
      userId: 'default_user_id',
      role: 'proxy_admin',
    })
    expect(await router.authenticate(asking({ 'x-api-key': 'sk-team' }))).toEqual({
      userId: 'ann',
      role: 'internal_user',
      models: ['gpt-4'],
    })
  })

  it.each([
    ['no_key', {}],
    ['malformed_key', { authorization: masterKey }],
    ['unknown_key', { authorization: 'Bearer sk-other' }],
  ] as const)('rejects with %s', async (code, headers) => {
    const { router } = await makeApp()
    await expect(router.authenticate(asking(headers))).rejects.toMatchObject({ code })
  })

  it("asks the host's own function, and rejects where that says null", async () => {
    const auth: Authenticate = ({ headers }) =>
      headers['x-user'] === 'ann' ? { userId: 'ann', role: 'team' } : null
    const { router } = await makeApp({ auth })
    expect(await router.authenticate(asking({ 'x-user': 'ann' }))).toEqual({ userId: 'ann', role: 'team' })
    await expect(router.authenticate(asking({}))).rejects.toMatchObject({ code: 'unknown_key' })
  })

  it('takes the request of a route beside the router', async () => {
    const { router } = await makeApp()
    const app = express().get('/who', (request, response) => {
      router.authenticate(request).then(
        (caller) => response.json(caller),
        (error: ModelManagementError) => response.status(401).json({ message: error.message }),
      )
    })
    const { body } = await supertest(app).get('/who').set('Authorization', `Bearer ${masterKey}`)
    expect(body).toEqual({ userId: 'default_user_id', role: 'proxy_admin' })
    expect((await supertest(app).get('/who')).body).toEqual({
      message: 'Authentication Error, No api key passed in.',
    })
  })
})
