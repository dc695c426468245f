// npm run types: writes lib/schema/generated/shapes.ts, the types of schemas/*.json.
// With --check nothing is written; it fails when the file does not match the schemas.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compile } from 'json-schema-to-typescript'
import { filesIn, root } from './root.mjs'

const shapes = join(root, 'lib/schema/generated/shapes.ts')
const wanted = await declarations(filesIn('schemas').filter((file) => /^[^/]+\.json$/.test(file)))
const isFresh = existsSync(shapes) && readFileSync(shapes, 'utf8') === wanted

if (process.argv.includes('--check') && !isFresh) {
  console.error('lib/schema/generated/shapes.ts does not match schemas/: run `npm run types`.')
  process.exit(1)
}
if (!isFresh) {
  mkdirSync(dirname(shapes), { recursive: true })
  writeFileSync(shapes, wanted)
}

/** One compilation of all schemas, so that a shape they share is declared once. */
function declarations(files) {
  const names = files.map((file) => file.replace(/\.json$/, ''))
  const all = {
    title: 'Shapes',
    description: 'The type of each file of schemas/, by its name.',
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `${name}.json` }])),
    required: names,
    additionalProperties: false,
  }
  return compile(all, 'Shapes', {
    cwd: join(root, 'schemas'),
    bannerComment: '// Generated from schemas/ by `npm run types`; edit the schemas instead.',
    unknownAny: true,
    style: { semi: false, singleQuote: true, printWidth: 110 },
  })
}
