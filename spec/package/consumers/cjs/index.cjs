const assert = require('node:assert')
const express = require('express')
const { ModelManagementError, modelManagementRouter } = require('express-model-management')
const { registerConformance } = require('express-model-management/testing')
const { version } = require('express-model-management/package.json')

const models = modelManagementRouter({ auth: { masterKey: 'sk-consumer' } })
const server = express()
  .use(models)
  .listen(0, '127.0.0.1', () => void ask())

async function ask() {
  await models.ready()
  const url = `http://127.0.0.1:${server.address().port}/model/info`
  const refused = await fetch(url)
  const answer = await fetch(url, { headers: { authorization: 'Bearer sk-consumer' } })
  assert.deepStrictEqual([refused.status, answer.status], [401, 200])
  assert.deepStrictEqual(await answer.json(), { data: [] })
  assert.strictEqual(typeof registerConformance, 'function')
  assert.strictEqual(new ModelManagementError('closed', '').code, 'closed')
  assert.match(version, /^\d/)
  await models.close()
  server.close()
}
