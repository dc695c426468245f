import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { child } from '../support/child'
import { draft } from '../support/draft'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

test('a killed writer loses no acknowledged write and leaves nothing that is in the way', async () => {
  const file = join(folder, 'killed.yaml')
  writeFileSync(file, '# mine\nmodel_list: []\nlitellm_settings: {a: 1} # too\n')
  const acknowledged: string[] = []
  for (let round = 1; round <= 8; round += 1) {
    const writer = child('yaml-file-writer.ts', file, `round-${round}`)
    await writer.atLeast(5 + round)
    writer.process.kill('SIGKILL')
    expect(await writer.ended()).toMatchObject({ signal: 'SIGKILL' })
    acknowledged.push(...writer.lines)

    const adapter = yamlFileAdapter({ file })
    const began = Date.now()
    expect(await adapter.create(draft(`after round ${round}`))).toMatchObject({ ok: true })
    // A lock whose owner cannot be told to be dead would be waited for longer.
    expect(Date.now() - began).toBeLessThan(3000)
    const ids = new Set((await adapter.list()).map(({ id }) => id))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    await adapter.close()
  }
  expect(readFileSync(file, 'utf8')).toMatch(
    /^# mine\nmodel_list:\n[^]*\nlitellm_settings: \{a: 1\} # too\n$/,
  )
  expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual(['killed.yaml'])
}, 60_000)

test('several processes make the file and write at the same time, and nothing is lost', async () => {
  const file = join(folder, 'together.yaml')
  const writers = ['a', 'b', 'c'].map((prefix) => child('yaml-file-writer.ts', file, prefix, '30'))
  for (const writer of writers)
    expect(await writer.ended()).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Error') })
  const adapter = yamlFileAdapter({ file })
  const ids = (await adapter.list()).map(({ id }) => id)
  await adapter.close()
  expect(ids).toHaveLength(90)
  for (const writer of writers) {
    expect(writer.lines).toHaveLength(30)
    // In the order in which each of them wrote.
    expect(ids.filter((id) => writer.lines.includes(id))).toEqual([...writer.lines])
  }
}, 60_000)

test('a listener hears of what another process writes', async () => {
  const file = join(folder, 'heard.yaml')
  const adapter = yamlFileAdapter({ file, watchMs: 10 })
  const told = new Promise<void>((resolve) => {
    void adapter.watch(() => {
      void adapter.get('other-2').then((model) => model && resolve())
    })
  })
  const writer = child('yaml-file-writer.ts', file, 'other', '3')
  await told
  expect(await writer.ended()).toMatchObject({ code: 0 })
  await adapter.close()
}, 30_000)
