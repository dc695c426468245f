// npm run types: writes lib/schema/generated/<name>.ts, the type of each schema that a caller fills in.
// With --check nothing is written; it fails when a file does not match its schema.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'json-schema-to-typescript'
import { filesIn, root } from './root.mjs'

const folder = join(root, 'lib/schema/generated')
const schemas = new Map(
  filesIn('schemas')
    .filter((file) => file.endsWith('.json'))
    .map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(root, 'schemas', file), 'utf8')),
    ]),
)
const wanted = new Map()
const names = new Set(['model-new', 'model-update'])
for (const name of names) wanted.set(`${name}.ts`, await declaration(name))

const present = existsSync(folder) ? filesIn('lib/schema/generated') : []
const superfluous = present.filter((file) => !wanted.has(file))
const stale = [...wanted].filter(
  ([file, text]) => !present.includes(file) || readFileSync(join(folder, file), 'utf8') !== text,
)

if (process.argv.includes('--check') && superfluous.length + stale.length > 0) {
  console.error('lib/schema/generated does not match schemas/: run `npm run types`.')
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
for (const file of superfluous) rmSync(join(folder, file))
for (const [file, text] of stale) writeFileSync(join(folder, file), text)

function references(name) {
  return [...JSON.stringify(schemas.get(name)).matchAll(/"\$ref":"([^"]+)\.json"/g)].map(([, other]) => other)
}

/** One schema's own type. What it refers to is imported, and made too, unless the type holds it already. */
async function declaration(name) {
  const text = await compile(schemas.get(name), name, {
    cwd: join(root, 'schemas/'),
    bannerComment: '',
    declareExternallyReferenced: false,
    unknownAny: true,
    style: { semi: false, singleQuote: true, printWidth: 110 },
  })
  const imports = [...new Set(references(name))]
    .filter((other) => !new RegExp(`export \\w+ ${schemas.get(other).title}\\b`).test(text))
    .map((other) => {
      names.add(other)
      return `import type { ${schemas.get(other).title} } from './${other}'\n`
    })
  return [
    '// Generated from schemas/ by `npm run types`; edit the schema instead.\n',
    ...imports,
    '\n',
    text,
  ].join('')
}
