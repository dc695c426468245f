import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

async function shown({ get }: TestApp): Promise<readonly string[]> {
  const { body } = await get('/model/info')
  return body.data.map((row: { model_info: { id: string } }) => row.model_info.id)
}

it('two gateways that write to one YAML file at once show its order right after', async () => {
  const file = join(folder, 'models.yaml')
  const open = () => makeApp({ adapter: yamlFileAdapter({ file, watchMs: 10 }) })
  const both = [await open(), await open()] as const
  const create = async (at: number) => {
    const app = both[at % 2]!
    const id = `m${at}`
    const created = await app.post('/model/new', { model_name: id, litellm_params: {}, model_info: { id } })
    expect(created.status).toBe(200)
    const list = await shown(app)
    expect(list).toContain(id)
    // The other one's latest may have come to the file since.
    const order = idsIn(file).filter((each) => list.includes(each))
    expect(list.filter((each) => order.includes(each))).toEqual(order)
  }
  await Promise.all(Array.from({ length: 20 }, (_, at) => create(at)))
  for (const app of both) await app.router.registry.reload()
  const order = idsIn(file)
  expect(order).toHaveLength(20)
  for (const app of both) expect(await shown(app)).toEqual(order)
})

function idsIn(file: string): readonly string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/\bid: (m\d+)/g), ([, id = '']) => id)
}
