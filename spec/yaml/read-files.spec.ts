import { mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../lib/config/load-config'
import type { JsonObject } from '../../lib/json'
import { fileReader, isSettled, stampOf } from '../../lib/yaml/read-files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('another file of the same size and time is another state', () => {
  const [one, two, link] = ['one', 'two', 'link'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(one, 'a')
  writeFileSync(two, 'b')
  const { atime, mtime } = statSync(one)
  utimesSync(two, atime, mtime)
  utimesSync(one, atime, mtime)
  symlinkSync(one, link)
  const before = stampOf(link)
  rmSync(link)
  symlinkSync(two, link)
  expect(stampOf(link)).not.toBe(before)
  expect(stampOf(join(folder, 'none'))).toBe('ENOENT')
})

test('a change during or after the reading is noticed', () => {
  const path = join(folder, 'config.yaml')
  writeFileSync(path, 'a: 1')
  const reader = fileReader()
  expect(reader.read(path)).toBe('a: 1')
  expect(isSettled(reader)).toBe(true)
  writeFileSync(path, 'a: 12')
  expect(isSettled(reader)).toBe(false)
})

test('a file that is swapped between two reads is loaded anew as a whole', () => {
  const path = join(folder, 'config.yaml')
  const entry = '{model_name: a, litellm_params: {model: x}}'
  writeFileSync(path, `model_list: [${entry}]`)
  let swapped = false
  const config = loadConfig(path, {
    env: () => undefined,
    validate(value) {
      if (!swapped) writeFileSync(path, `model_list: [${entry}, ${entry}]`)
      swapped = true
      return { ok: true, value: value as JsonObject }
    },
  })
  expect(config.rows).toHaveLength(2)
})
