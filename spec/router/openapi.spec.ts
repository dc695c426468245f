import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020'
import OpenAPIClientAxios from 'openapi-client-axios'
import type { Document } from 'openapi-client-axios'
import { routes } from '../../lib/http/routes'
import { schemas } from '../../lib/schema/schemas'
import { makeApp, masterKey } from '../support/app'
import { root } from '../support/sources'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

async function documentOf(): Promise<Document> {
  const { get } = await makeApp()
  return (await get('/openapi.json', null)).body as Document
}

describe('GET /openapi.json', () => {
  it('has an operation for every route, and no other', async () => {
    const { paths } = await documentOf()
    const told = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method} ${path}`),
    )
    expect(told.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('redocly finds nothing wrong with it', async () => {
    const file = join(folder, 'openapi.json')
    writeFileSync(file, JSON.stringify(await documentOf()))
    const out = execFileSync(join(root, 'node_modules/.bin/redocly'), ['lint', file, '--extends=minimal'], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 25_000,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', CI: 'true' },
    })
    expect(out).not.toMatch(/\d+ (errors?|warnings?)/)
  })

  it.each(
    routes.flatMap((route) => (route.body === undefined ? [] : [[route.method, route.path, route] as const])),
  )(
    '%s %s takes each example of its schema and answers in its shape',
    async (method, path, { body = 'anything', reply }) => {
      const check = new Ajv2020({ strict: false, schemas: Object.values(schemas) })
      for (const example of schemas[body]['examples'] as readonly object[]) {
        const app = await makeApp()
        // What the examples speak of.
        const known = { model_name: 'gpt-4o', litellm_params: { model: 'x' } }
        if (path !== '/model/new')
          await app.post('/model/new', {
            ...known,
            model_info: { id: 'my-id-1', access_groups: ['a-group'] },
          })
        const at = path.replace('{model_id}', 'my-id-1').replace('{access_group}', 'a-group')
        const sent = path === '/model/update' ? { id: 'my-id-1', ...example } : example
        const answer =
          method === 'post' ? await app.post(at, sent) : await app.send(method as 'put' | 'patch', at, sent)
        expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
        expect([check.validate(`${reply}.json`, answer.body), check.errors]).toEqual([true, null])
      }
    },
  )

  it('a client made from it works', async () => {
    const { app, router } = await makeApp()
    const server: Server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const baseURL = `http://127.0.0.1:${port}`
    try {
      const definition = (await (await fetch(`${baseURL}/openapi.json`)).json()) as Document
      const headers = { 'x-litellm-api-key': masterKey }
      const client = await new OpenAPIClientAxios({
        definition,
        axiosConfigDefaults: { baseURL, headers },
      }).init()
      const call = client as unknown as Record<
        string,
        (params: unknown, body?: unknown) => Promise<{ readonly status: number; readonly data: never }>
      >
      const model = {
        model_name: 'm1',
        litellm_params: { model: 'openai/gpt-4o' },
        model_info: { id: 'my/id' },
      }
      expect((await call['postModelNew']?.(null, model))?.status).toBe(200)
      expect(
        await call['patchModelModelIdUpdate']?.({ model_id: 'my/id' }, { litellm_params: { rpm: 3 } }),
      ).toMatchObject({
        status: 200,
        data: { litellm_params: { model: 'openai/gpt-4o', rpm: 3 } },
      })
      expect(await call['getV2ModelInfo']?.({ search: 'M1', size: 1 })).toMatchObject({
        data: { total_count: 1, data: [{ model_name: 'm1' }] },
      })
      expect(await call['postModelDelete']?.(null, { id: 'my/id' })).toMatchObject({
        data: { message: 'Model: my/id deleted successfully' },
      })
      expect(router.registry.list()).toEqual([])
    } finally {
      await new Promise((closed) => server.close(closed))
    }
  })
})
