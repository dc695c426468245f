import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, read, readJson, root } from '../support/sources'

interface Manifest {
  readonly exports: Record<string, string | { types: string; default: string }>
}

const manifest = readJson('package.json') as Manifest

describe('the package as built', () => {
  test('every exported path exists', () => {
    const paths = Object.values(manifest.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .filter((path) => !path.includes('*'))
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('its public names', () => {
    expect(required('express-model-management')).toMatchInlineSnapshot(`
     [
       "ModelManagementError",
       "defaultUrlPolicy",
       "memoryAdapter",
       "modelManagementRouter",
       "postgresAdapter",
       "sealed",
       "sqliteAdapter",
       "yamlFileAdapter",
     ]
    `)
  })

  test('the public names of the conformance kit', () => {
    expect(required('express-model-management/testing')).toMatchInlineSnapshot(`
     [
       "conformanceCases",
       "registerConformance",
     ]
    `)
  })

  test.each(['express-model-management', 'express-model-management/testing'])(
    'import and require of %s see the same names and the same values',
    (name) => {
      const script = `
        import * as imported from '${name}'
        import { createRequire } from 'node:module'
        const required = createRequire(import.meta.url)('${name}')
        console.log(JSON.stringify(Object.keys(required).filter((key) => imported[key] !== required[key])))`
      expect(run('--input-type=module', '-e', script)).toEqual([])
    },
  )

  test('the type of the router names none of express, whose types differ between majors', () => {
    // A router typed by @types/express 5 cannot be mounted by a TypeScript host on Express 4: tsc refuses app.use().
    expect(read('dist/router.d.ts')).not.toMatch(/(?:from|import\() ?['"]express/)
  })

  test('every schema can be required by its name', () => {
    const names = filesIn('schemas').map((file) => `express-model-management/${file}`)
    expect(run('-p', `JSON.stringify(${JSON.stringify(names)}.filter((name) => !require(name)))`)).toEqual([])
  })

  test('a private path cannot be reached', () => {
    const script = `try { require('express-model-management/dist/index.js') } catch (error) { console.log(JSON.stringify(error.code)) }`
    expect(run('-e', script)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  test('loading it loads no database driver', () => {
    const script = `
      require('express-model-management')
      console.log(JSON.stringify([...process.moduleLoadList, ...Object.keys(require.cache)].filter((name) =>
        /NativeModule sqlite|node_modules.(pg|libsql|better-sqlite3|tweetnacl)\\b/.test(name))))`
    expect(run('-e', script)).toEqual([])
  })

  test('a program that only loads it ends by itself', () => {
    expect(run('-e', `require('express-model-management'); console.log('"loaded"')`)).toBe('loaded')
  })
})

function required(name: string): unknown {
  return run('-p', `JSON.stringify(Object.keys(require('${name}')).sort())`)
}

/** Runs node in the repository, where the package's own name leads to its build, and reads the JSON it prints. */
function run(...args: string[]): unknown {
  return JSON.parse(
    execFileSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      timeout: 20_000,
    }),
  )
}
