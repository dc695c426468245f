import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { registerConformance } from '../../lib/testing'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0
const freshFile = () => join(folder, `${(files += 1)}.yaml`)

const places = new WeakMap<ModelAdapter, string>()

function over(file: string) {
  const adapter = yamlFileAdapter({ file, watchMs: 10 })
  places.set(adapter, file)
  return adapter
}

async function outage(adapter: ModelAdapter) {
  const file = places.get(adapter)!
  const before = readFileSync(file)
  writeFileSync(file, `${before.toString()}\nbroken: [`)
  return async () => writeFileSync(file, before)
}

/** Storage that holds nothing, in each way it can be written. */
const empty: readonly (readonly [what: string, text: string | undefined])[] = [
  ['no file', undefined],
  ['a config with an empty list', '# mine\nmodel_list: [] # none\ngeneral_settings:\n  a: 1\n'],
  ['a JSON file', '{\r\n  "general_settings": {"a": "b"},\r\n  "model_list": []\r\n}'],
]

describe.each(empty)('over %s', (_, text) => {
  const again = (adapter: ModelAdapter) => over(places.get(adapter)!)
  function create() {
    const file = freshFile()
    if (text !== undefined) writeFileSync(file, text)
    return over(file)
  }

  registerConformance(test, {
    create,
    peer: again,
    reopen: again,
    ...(text === undefined ? {} : { outage }),
  })
})
