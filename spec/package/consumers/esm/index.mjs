import assert from 'node:assert'
import { once } from 'node:events'
import express from 'express'
import { modelManagementRouter } from 'express-model-management'
import { registerConformance } from 'express-model-management/testing'

const models = modelManagementRouter({ auth: { masterKey: 'sk-consumer' } })
const server = express().use(models).listen(0, '127.0.0.1')
await once(server, 'listening')
await models.ready()

const url = `http://127.0.0.1:${server.address().port}/model/info`
const answer = await fetch(url, { headers: { authorization: 'Bearer sk-consumer' } })
assert.deepStrictEqual([answer.status, await answer.json()], [200, { data: [] }])
assert.strictEqual(typeof registerConformance, 'function')
await models.close()
server.close()
