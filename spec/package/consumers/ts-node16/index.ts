import express from 'express'
import { ModelManagementError, modelManagementRouter } from 'express-model-management'
import type { ErrorCode } from 'express-model-management'
import { registerConformance } from 'express-model-management/testing'

const models = modelManagementRouter({ auth: { masterKey: 'sk-consumer' } })
const app = express()
app.use(models)
app.use('/llm', models)

export const code: ErrorCode = new ModelManagementError('closed', '').code
export const ready: Promise<void> = models.ready()
export const register: (...args: never[]) => unknown = registerConformance

// @ts-expect-error An option that does not exist is refused: what is imported is not `any`.
modelManagementRouter({ auth: { masterKey: 'sk-consumer' }, color: 'blue' })
