import { test } from 'node:test'
import { memoryAdapter } from 'express-model-management'
import { registerConformance } from 'express-model-management/testing'

registerConformance(test, { create: () => memoryAdapter(), absent: ['version', 'revisions'] })
