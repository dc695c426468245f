import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configFile } from '../../lib/config/config-file'
import type { ConfigFile, ConfigFileOptions, ReloadResult } from '../../lib/config/config-file'

let folder: string
let open: ConfigFile[]
let errors: string[]
let onError: () => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
  open = []
  errors = []
  onError = () => undefined
})
afterEach(() => {
  for (const each of open) each.close()
  rmSync(folder, { recursive: true })
})

function start(options: ConfigFileOptions = {}): ConfigFile {
  const logger = {
    info() {},
    warn() {},
    error(_details: object, message: string) {
      errors.push(message.replaceAll(folder, ''))
      onError()
    },
  }
  const opened = configFile(join(folder, 'config.yaml'), {
    watchMs: 5,
    env: () => undefined,
    logger,
    ...options,
  })
  open.push(opened)
  return opened
}

function write(text: string, name = 'config.yaml'): void {
  writeFileSync(join(folder, name), text)
}

function models(...names: string[]): string {
  const entries = names.map(
    (name) => `  - {model_name: ${name}, litellm_params: {model: x}, model_info: {id: ${name}}}`,
  )
  return `model_list:${entries.length === 0 ? ' []' : `\n${entries.join('\n')}\n`}`
}

function ids(config: ConfigFile): string[] {
  return config.current().rows.map(({ id }) => id)
}

/** The next change, or a failure after five seconds. */
function changed(config: ConfigFile, act: () => void): Promise<ReloadResult> {
  return bounded((done) => {
    const stop = config.onChange((result) => {
      stop()
      done(result)
    })
    act()
  })
}

function reported(act: () => void): Promise<void> {
  return bounded((done) => {
    onError = () => done()
    act()
  })
}

function bounded<T>(work: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('nothing happened')), 4000)
    work((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}

test('J1 an edit applies by itself and says what it did', async () => {
  write(models('a', 'b'))
  const config = start()
  const before = config.current()
  const result = await changed(config, () => write(models('b', 'c').replace('model: x', 'model: y')))
  expect(result).toEqual({ added: ['c'], changed: ['b'], removed: ['a'], error: undefined })
  expect(ids(config)).toEqual(['b', 'c'])
  expect(before.rows.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('J1 an edit of the same length at the same time stamp is seen', async () => {
  write(models('a'))
  const config = start()
  const { atime, mtime } = statSync(join(folder, 'config.yaml'))
  await changed(config, () => {
    write(models('b'))
    utimesSync(join(folder, 'config.yaml'), atime, mtime)
  })
  expect(ids(config)).toEqual(['b'])
})

test('J1 an editor that writes beside and renames is followed', async () => {
  write(models('a'))
  const config = start()
  for (const name of ['b', 'c']) {
    await changed(config, () => {
      write(models(name), 'new')
      renameSync(join(folder, 'new'), join(folder, 'config.yaml'))
    })
    expect(ids(config)).toEqual([name])
  }
})

test('J1 a Kubernetes swap of the ..data link is followed, includes too', async () => {
  const version = (n: number, ...names: string[]) => {
    mkdirSync(join(folder, `..v${n}`))
    write('include: [more.yaml]', `..v${n}/config.yaml`)
    write(models(...names), `..v${n}/more.yaml`)
    symlinkSync(`..v${n}`, join(folder, '..tmp'))
    renameSync(join(folder, '..tmp'), join(folder, '..data'))
  }
  version(1, 'a')
  symlinkSync('..data/config.yaml', join(folder, 'config.yaml'))
  symlinkSync('..data/more.yaml', join(folder, 'more.yaml'))
  const config = start()
  expect(ids(config)).toEqual(['a'])
  await changed(config, () => {
    version(2, 'b')
    rmSync(join(folder, '..v1'), { recursive: true })
  })
  expect(ids(config)).toEqual(['b'])
})

test('J1 an edit of an included file applies, and so does an include that appears late', async () => {
  write('include: [more.yaml]')
  write(models('a'), 'more.yaml')
  const config = start()
  await changed(config, () => write(models('b'), 'more.yaml'))
  expect(ids(config)).toEqual(['b'])
  await reported(() => write('include: [more.yaml, late.yaml]'))
  expect(config.lastError()?.message).toContain('late.yaml')
  await changed(config, () => write(models('c'), 'late.yaml'))
  expect(ids(config)).toEqual(['b', 'c'])
  expect(config.lastError()).toBeUndefined()
})

const bad: readonly [string, string, string][] = [
  ['a syntax error', 'model_list:\n  - {model_name: a', 'config.yaml:2:'],
  ['an empty file', '', 'Config cannot be None or Empty.'],
  ['a lost model_list', 'general_settings: {}', 'has lost its model_list'],
  ['a model_list that was cut off', 'model_list:', 'has lost its model_list'],
]

test.each(bad)('C4 %s keeps the last good models, is reported once, and heals', async (_, text, message) => {
  write(models('a'))
  const config = start()
  await reported(() => write(text))
  expect(ids(config)).toEqual(['a'])
  expect(config.lastError()).toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining(message),
  })
  expect(config.reload()).toMatchObject({ added: [], changed: [], removed: [], error: config.lastError() })
  expect(errors).toEqual([expect.stringContaining(message)])
  await changed(config, () => write(models('a', 'b')))
  expect(ids(config)).toEqual(['a', 'b'])
  expect(config.lastError()).toBeUndefined()
})

test('C4 a file that vanishes keeps the last good models until it is back', async () => {
  write(models('a'))
  const config = start()
  await reported(() => rmSync(join(folder, 'config.yaml')))
  expect(errors).toEqual(['Config file not found: /config.yaml. The last good config stays in use'])
  expect(ids(config)).toEqual(['a'])
  await changed(config, () => write(models('b')))
  expect(ids(config)).toEqual(['b'])
})

test('an explicit empty list removes every model', async () => {
  write(models('a'))
  const config = start()
  expect(await changed(config, () => write(models()))).toMatchObject({ removed: ['a'] })
  expect(ids(config)).toEqual([])
})

test('J1 reload applies a changed variable though no file changed, and is quiet when nothing did', () => {
  write('model_list:\n  - {model_name: os.environ/NAME, litellm_params: {model: x}, model_info: {id: a}}')
  let name = 'one'
  const config = start({ env: () => name, watchMs: 0 })
  const results: ReloadResult[] = []
  config.onChange((result) => results.push(result))
  const before = config.current()
  expect(config.reload()).toEqual({ added: [], changed: [], removed: [], error: undefined })
  expect(config.current()).toBe(before)
  name = 'two'
  expect(config.reload()).toMatchObject({ changed: ['a'] })
  expect(results).toHaveLength(1)
})

test('a change of settings alone is a change too', async () => {
  write(models('a'))
  const config = start()
  await changed(config, () => write(`${models('a')}general_settings: {store_model_in_db: false}`))
  expect(config.current().generalSettings).toEqual({ store_model_in_db: false })
})

test('a listener that throws neither stops the others nor the watching', async () => {
  write(models('a'))
  const config = start()
  config.onChange(() => {
    throw new Error('mine')
  })
  await changed(config, () => write(models('b')))
  await changed(config, () => write(models('c')))
  expect(ids(config)).toEqual(['c'])
  expect(errors).toEqual(Array(2).fill('A listener of the config file failed'))
})

test('a first load that fails throws', () => {
  expect(() => start()).toThrow('Config file not found')
  write('a: [')
  expect(() => start()).toThrow(/^config\.yaml:1:/)
})
