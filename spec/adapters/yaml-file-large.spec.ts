import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelDraft } from '../../lib/adapters/adapter'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { draft } from '../support/draft'
import { cpuMs } from '../support/cpu'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
const count = 5000
const moment = (at: number): string => `2026-01-02T03:04:05.${String(at).padStart(6, '0')}Z`
const created = (id: string, at: number): ModelDraft => draft(id, { createdAt: moment(at) })

const entries = Array.from(
  { length: count },
  (_, at) => `  - model_name: name-${at} # no. ${at}
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/KEY_${at}
      tags: [a, b]
      notes: |
        - two
        - lines
    model_info:
      id: id-${at}
      created_at: ${moment(at)}
`,
).join('')

const ends: (() => Promise<void>)[] = []
afterAll(() => Promise.all(ends.map((end) => end())))

/** Two adapters, as of two gateways, that have read the file. */
async function two(name: string, text: string) {
  const file = join(folder, name)
  writeFileSync(file, text)
  const both = [yamlFileAdapter({ file }), yamlFileAdapter({ file })] as const
  ends.push(...both.map((adapter) => () => adapter.close()))
  for (const adapter of both) await adapter.init()
  return { both, file }
}

test.each([
  ['', `# ours\nmodel_list:\n${entries}`],
  [
    ' that refer to an anchor above them',
    `x: &x {rpm: 5}\nmodel_list:\n${entries.replaceAll('[a, b]', '*x')}`,
  ],
])('a write to a file of 5,000 models%s costs little, on the other instances too', async (name, text) => {
  const {
    both: [one, other],
    file,
  } = await two(`cost${name}.yaml`, text)
  const writes = [
    () => one.create(created('new', count)),
    () => one.update(created('id-2500', 2500)),
    () => one.delete('id-2501'),
  ]
  for (const write of writes) {
    expect(await cpuMs(write)).toBeLessThan(1000)
    expect(await cpuMs(() => other.revisions())).toBeLessThan(1000)
  }
  expect(await other.revisions()).toEqual(await one.revisions())
  const before = new Set(text.split('\n'))
  const after = readFileSync(file, 'utf8').split('\n')
  expect(after.filter((line) => !before.has(line)).length).toBeLessThan(20)
})

test('twenty creations at once are done, and all instances have them in one order', async () => {
  const { both, file } = await two('many.yaml', `model_list:\n${entries}`)
  const names = Array.from({ length: 20 }, (_, at) => `new-${at}`)
  const spent = await cpuMs(async () => {
    const results = await Promise.all(names.map((id, at) => both[at % 2]!.create(created(id, count + at))))
    expect(results.filter(({ ok }) => ok)).toHaveLength(20)
  })
  expect(spent).toBeLessThan(1000)
  for (const adapter of both) expect((await adapter.list()).slice(count).map(({ id }) => id)).toEqual(names)
  expect(idsIn(file).slice(count)).toEqual(names)
})

test.each(['model_list: []\n', '{"model_list": []}'])(
  'models of %j are in the order of their creation, whoever wrote first',
  async (text) => {
    const {
      both: [one, other],
      file,
    } = await two('order.yaml', text)
    await one.create(created('late', 9))
    await other.create(created('early', 3))
    await one.batch([
      { kind: 'create', draft: created('middle', 5) },
      { kind: 'create', draft: created('last', 12) },
      { kind: 'create', draft: created('fourth', 7) },
    ])
    await other.create(created('also-late', 9))
    const order = ['early', 'middle', 'fourth', 'late', 'also-late', 'last']
    for (const adapter of [one, other]) expect((await adapter.list()).map(({ id }) => id)).toEqual(order)
    expect(idsIn(file)).toEqual(order)
  },
)

function idsIn(file: string): readonly (string | undefined)[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/\bid"?: "?([\w-]+)/g), ([, id]) => id)
}
