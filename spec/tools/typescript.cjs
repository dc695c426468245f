// `node -r ./spec/tools/typescript.cjs program.ts`: runs TypeScript as it is, types stripped, nothing checked.
// Node 20 cannot do that by itself. Checking is the work of `npm run typecheck`.
const { readFileSync } = require('node:fs')
const { transformSync } = require('@swc/core')

process.setSourceMapsEnabled(true)
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  })
  module._compile(code, filename)
}
