import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

/** The repository's folder. */
export const root = dirname(dirname(__dirname))

/** The files below a folder of the repository, as paths relative to the repository, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.includes('node_modules/'))
    .sort()
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

export function readJson(file: string): unknown {
  return JSON.parse(read(file))
}

export interface Import {
  /** As written: `express`, `../errors`. */
  readonly specifier: string
  /** The file it names, relative to the repository without its extension; absent for packages. */
  readonly file?: string
  readonly typeOnly: boolean
  /** False for `import()` and for `require()` inside a function. */
  readonly atLoad: boolean
}

const statement =
  /^(?:import|export)\s(?:(?!^(?:import|export)\s)[^'"`;])*?from\s+'([^']+)'|^import\s+'([^']+)'/gm
const call = /^(.*?)\b(?:import|require)\(\s*'([^']+)'\s*\)/gm

/** What a TypeScript file imports, in whatever way. */
export function importsOf(file: string): Import[] {
  const text = read(file)
  const statements = [...text.matchAll(statement)].map(([whole, from, bare]) =>
    toImport(file, (from ?? bare) as string, /^(?:import|export)\s+type\b/.test(whole), true),
  )
  const calls = [...text.matchAll(call)].map(([, before, name]) =>
    toImport(file, name as string, false, /^\S/.test(before as string)),
  )
  return [...statements, ...calls]
}

function toImport(importer: string, specifier: string, typeOnly: boolean, atLoad: boolean): Import {
  if (!specifier.startsWith('.')) return { specifier, typeOnly, atLoad }
  const target = posix.join(posix.dirname(importer), specifier).replace(/\.(?:ts|js)$/, '')
  return { specifier, file: target, typeOnly, atLoad }
}
