/** Child process: creates models one after the other and prints each id once the write was acknowledged. */
import { writeSync } from 'node:fs'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { draft } from './draft'

const [file = '', prefix = '', count = 'Infinity'] = process.argv.slice(2)

async function main(): Promise<void> {
  const adapter = yamlFileAdapter({ file })
  for (let index = 0; index < Number(count); index += 1) {
    const id = `${prefix}-${index}`
    const result = await adapter.create(draft(id))
    if (!result.ok) throw new Error(`${id} was refused as ${result.reason}`)
    // Synchronous, so that an id that the parent has read was certainly acknowledged before.
    writeSync(1, `${id}\n`)
  }
  await adapter.close()
}

void main()
