const { memoryAdapter } = require('express-model-management')
const { registerConformance } = require('express-model-management/testing')

registerConformance(test, {
  create: () => ({ ...memoryAdapter(), name: '' }),
  absent: ['version', 'revisions'],
})
