// npm run types: writes lib/schema/generated/<name>.ts from each schemas/<name>.json.
// With --check nothing is written; it fails when a file differs, is missing or has lost its schema.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'json-schema-to-typescript'
import { filesIn, root } from './root.mjs'

const schemas = join(root, 'schemas')
const generated = join(root, 'lib/schema/generated')
const check = process.argv.includes('--check')

const wanted = new Map()
for (const file of filesIn('schemas')) {
  if (!/^[^/]+\.json$/.test(file)) continue
  wanted.set(file.replace(/\.json$/, '.ts'), await declaration(file))
}
const present = existsSync(generated) ? filesIn('lib/schema/generated') : []
const orphans = present.filter((file) => !wanted.has(file))
const stale = [...wanted].filter(([file, text]) => !present.includes(file) || read(file) !== text)

if (check) {
  const names = [...orphans, ...stale.map(([file]) => file)]
  if (names.length > 0) {
    console.error(
      `lib/schema/generated does not match schemas/ (${names.join(', ')}): run \`npm run types\`.`,
    )
    process.exit(1)
  }
} else {
  mkdirSync(generated, { recursive: true })
  for (const file of orphans) rmSync(join(generated, file))
  for (const [file, text] of stale) writeFileSync(join(generated, file), text)
}

function declaration(file) {
  const schema = JSON.parse(readFileSync(join(schemas, file), 'utf8'))
  return compile(schema, file.replace(/\.json$/, ''), {
    cwd: schemas,
    bannerComment: `// Generated from schemas/${file} by \`npm run types\`; edit the schema instead.`,
    unknownAny: true,
    style: { semi: false, singleQuote: true, printWidth: 110 },
  })
}

function read(file) {
  return readFileSync(join(generated, file), 'utf8')
}
