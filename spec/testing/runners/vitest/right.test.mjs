import { test } from 'vitest'
import { memoryAdapter } from 'express-model-management'
import { registerConformance } from 'express-model-management/testing'

registerConformance(test, { create: () => memoryAdapter(), absent: ['version', 'revisions'] })
