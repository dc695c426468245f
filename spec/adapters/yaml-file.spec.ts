import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ModelAdapter, StoredModel, Write } from '../../lib/adapters/adapter'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { registerConformance } from '../../lib/testing'
import { draft } from '../support/draft'
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
    absent: ['readSettings', 'writeSettings', 'version'],
    ...(text === undefined ? {} : { outage }),
  })
})

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open(text?: string, file = freshFile()) {
  if (text !== undefined) writeFileSync(file, text)
  const adapter = yamlFileAdapter({ file, watchMs: 10, env: { KEY: 'k' } })
  ends.push(() => adapter.close())
  return { adapter, file, content: () => readFileSync(file, 'utf8') }
}

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/yaml-file', name), 'utf8')

interface Parts {
  litellm_params: Record<string, unknown>
  model_info: unknown
}

/** The model as the core would store it after a change. */
function changed(model: StoredModel | undefined, change: (deployment: Parts) => void): Write {
  const { revision: ifRevision, ...rest } = model!
  const deployment = JSON.parse(JSON.stringify(rest.deployment))
  change(deployment)
  const stamp = { updatedAt: '2026-01-02T03:04:05.678001Z', updatedBy: 'ann' }
  return { kind: 'update', draft: { ...rest, ...stamp, deployment }, ifRevision }
}

describe('a file written by hand', () => {
  test('B15 updates keep references, comments, order, quotes and unknown keys', async () => {
    const { adapter, content } = open(fixture('hand-written.before.yaml'))
    const [smart, fast, poet] = await adapter.list()
    const result = await adapter.batch([
      changed(smart, ({ litellm_params: params }) => {
        params.rpm = 7000
        params.api_version = '2024-10-21'
        delete params.timeout
        params.max_retries = 2
      }),
      changed(fast, ({ litellm_params: params }) => (params.rpm = 5)),
      changed(poet, (deployment) => {
        deployment.litellm_params.tags = ['a', 'b', 'c: d']
        deployment.litellm_params.extra_headers = { 'X-Trace': 'off', 'X-More': '1:30' }
        deployment.model_info = { mode: 'chat', l: [{ a: 1 }] }
      }),
    ])
    expect(result).toMatchObject({ ok: true })
    expect(content()).toBe(fixture('hand-written.updated.yaml'))
  })

  test('its models have no audit fields, and the id that LiteLLM gives them stays when they are changed', async () => {
    const { adapter } = open('model_list:\n- model_name: gpt-4\n  litellm_params: {model: gpt-4}\n')
    const id = 'e889baacd17f591cce4c63639275ba5e8dc60765d6c553e6ee5a504b19e50ddc'
    const model = await adapter.get(id)
    expect(model).toMatchObject({
      id,
      createdAt: '',
      createdBy: null,
      updatedAt: '',
      updatedBy: null,
      blocked: false,
    })
    await adapter.batch([changed(model, ({ litellm_params: params }) => (params.rpm = 5))])
    expect((await adapter.list()).map((each) => each.id)).toEqual([id])
  })

  test.each([
    ['no final break', '# a\nmodel_list: []', '# a\nmodel_list:\n  - model_name: smart\n'],
    ['no list', 'a: 1 # one\n', 'a: 1 # one\nmodel_list:\n  - model_name: smart\n'],
    ['an empty key', 'model_list: # none\nb: 1\n', 'model_list: # none\n  - model_name: smart\n'],
    ['nothing', '', 'model_list:\n  - model_name: smart\n'],
    ['a comment', '# only\n', '# only\nmodel_list:\n  - model_name: smart\n'],
    ['a byte order mark', '\ufeffa: 1\r\n', '\ufeffa: 1\r\nmodel_list:\r\n  - model_name: smart\r\n'],
  ])('that has %s takes a first model and gives it back', async (_, text, start) => {
    const { adapter, content } = open(text)
    await adapter.create(draft('one'))
    expect(content().slice(0, start.length)).toBe(start)
    await adapter.delete('one')
    expect(await adapter.list()).toEqual([])
    expect(content()).toMatch(/model_list:.* \[\]|model_list: \[\]/)
  })

  test('a text that ends in blank lines does not take those below it for its own', async () => {
    const { adapter } = open('model_list:\n- {model_name: a}\n\n- {model_name: b}\n\n\nc: 1\n')
    const { deployment } = draft('one')
    const model = draft('one', { deployment: { ...deployment, extra: 'trail\n\n' } })
    expect(await adapter.create(model)).toMatchObject({ ok: true, model: { deployment: model.deployment } })
  })

  test('a model that ends in a text of several lines goes without the model below it', async () => {
    const { adapter, content } = open(
      'model_list:\n- x: |-\n    a\n    b\n  model_info: {id: one}\n  y: |-\n    a\n    b\n- z: 1\n',
    )
    expect(await adapter.delete('one')).toMatchObject({ ok: true })
    expect(content()).toBe('model_list:\n- z: 1\n')
  })

  test('that is JSON takes a model between its brackets, and gives it back', async () => {
    const text = '{\r\n  "a": {"b": 1},\r\n  "model_list": [],\r\n  "c": 2\r\n}'
    const { adapter, content } = open(text)
    await adapter.create(draft('one'))
    expect(content()).toMatch(
      /^\{\r\n {2}"a": \{"b": 1\},\r\n {2}"model_list": \[\{.*\}\],\r\n {2}"c": 2\r\n\}$/,
    )
    await adapter.delete('one')
    expect(content()).toBe(text)
  })

  test('an update of a model that uses an anchor keeps what the anchor said', async () => {
    const { adapter, content } = open(
      'x: &x {rpm: 5, tpm: 6}\nmodel_list:\n- model_name: a\n  litellm_params:\n    <<: *x # shared\n    model: m\n',
    )
    await adapter.batch([
      changed((await adapter.list())[0], ({ litellm_params: params }) => (params.rpm = 7)),
    ])
    expect((await adapter.list())[0]?.deployment).toMatchObject({
      litellm_params: { rpm: 7, tpm: 6, model: 'm' },
    })
    expect(content()).toContain('x: &x {rpm: 5, tpm: 6}\n')
    expect(content()).toContain('    <<: *x # shared\n    model: m\n    rpm: 7\n')
  })

  test('a change that would change another model too is refused, and the place is named', async () => {
    const text =
      'model_list:\n- &a\n  model_name: a\n  litellm_params: {model: m}\n  model_info: {id: one}\n- <<: *a\n  model_info: {id: two}\n'
    const { adapter, content, file } = open(text)
    await expect(adapter.delete('one')).rejects.toMatchObject({
      code: 'storage_refused',
      message: expect.stringContaining(`${file}:3:3: this model cannot be changed`),
    })
    expect(content()).toBe(text)
  })

  test('two models with one id are listed, and neither is changed', async () => {
    const { adapter } = open(
      'model_list:\n- {model_name: a, model_info: {id: 7}}\n- {model_name: b, model_info: {id: 7}}\n',
    )
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['7', '7'])
    await expect(adapter.delete('7')).rejects.toMatchObject({ code: 'storage_refused' })
  })

  test('an entry that is no model is handed over as it is', async () => {
    const { adapter } = open('model_list:\n- just a text\n- model_name: b\n  model_info: {id: b}\n')
    expect((await adapter.list()).map(({ deployment }) => deployment)).toEqual([
      'just a text',
      { model_name: 'b', model_info: {} },
    ])
  })

  test('is heard of when it is edited, and the model has another revision', async () => {
    const { adapter, file, content } = open()
    await adapter.create(draft('one'))
    const before = await adapter.get('one')
    const heard = new Promise<void>((resolve) => {
      void adapter.watch(() => {
        void adapter.get('one').then((model) => model?.blocked && resolve())
      })
    })
    writeFileSync(file, content().replace('id: one', 'id: one\n      blocked: true'))
    await heard
    expect((await adapter.get('one'))?.revision).not.toBe(before?.revision)
  })
})

describe('a file that cannot be used', () => {
  test.each([
    ['is broken', 'model_list:\n  - [', ':2:'],
    ['is a list', '- a\n', ':1:1'],
    ['has a model_list that is none', 'a: 1\nmodel_list: 5\n', ':2:13'],
    ['holds two documents', 'a: 1\n---\nb: 1\n', ':'],
  ])(
    'because it %s: reads and writes are rejected with the place, and it stays as it is',
    async (_, text, place) => {
      const { adapter, file, content } = open(text)
      const expected = { code: 'storage_unavailable', message: expect.stringContaining(`${file}${place}`) }
      await expect(adapter.list()).rejects.toMatchObject(expected)
      await expect(adapter.create(draft('one'))).rejects.toMatchObject(expected)
      expect(content()).toBe(text)
    },
  )

  test('is gone: that is no empty store', async () => {
    const { adapter, file } = open('model_list: []')
    await adapter.list()
    renameSync(file, `${file}.away`)
    await expect(adapter.list()).rejects.toMatchObject({ code: 'storage_unavailable' })
    await expect(adapter.create(draft('one'))).rejects.toMatchObject({ code: 'storage_unavailable' })
    renameSync(`${file}.away`, file)
    expect(await adapter.list()).toEqual([])
  })

  test('is in a folder that is not there, or is a folder itself', async () => {
    const { adapter } = open(undefined, join(folder, 'later', 'models.yaml'))
    await expect(adapter.list()).rejects.toMatchObject({
      message: expect.stringContaining('its folder does not exist'),
    })
    mkdirSync(join(folder, 'later'))
    expect(await adapter.create(draft('one'))).toMatchObject({ ok: true })
    await expect(open(undefined, folder).adapter.list()).rejects.toMatchObject({
      message: expect.stringContaining('it is a folder'),
    })
  })
})

describe('the file', () => {
  test('is readable for its owner only when it is made, keeps its mode when it is there, and links stay', async () => {
    const { adapter, file } = open()
    await adapter.create(draft('one'))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o640)
    const link = freshFile()
    symlinkSync(file, link)
    await open(undefined, link).adapter.create(draft('two'))
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect((await adapter.list()).map(({ id }) => id)).toEqual(['one', 'two'])
    rmSync(link)
  })

  test('use after close is rejected as closed', async () => {
    const { adapter } = open()
    await adapter.close()
    for (const call of [
      () => adapter.init(),
      () => adapter.ping(),
      () => adapter.list(),
      () => adapter.watch(() => {}),
      () => adapter.create(draft('one')),
      () => adapter.batch([]),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'closed' })
  })

  test('options are checked', () => {
    expect(() => yamlFileAdapter({ file: '' })).toThrow('file must be the path')
    expect(() => yamlFileAdapter({ file: 'a', watchMs: 0 })).toThrow('watchMs must be')
    expect(() => yamlFileAdapter({ file: 'a', path: 'b' } as never)).toThrow("there is no option 'path'")
  })
})
