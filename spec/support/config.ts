import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary'

/** At the top of a spec file: a config file with one model of this id, and what else is said in YAML. */
export function configWith(id: string, more = ''): string {
  const file = join(temporaryFolder(), 'config.yaml')
  const model = `{model_name: m, litellm_params: {model: x}, model_info: {id: ${id}}}`
  writeFileSync(file, `model_list: [${model}]\n${more}`)
  return file
}
