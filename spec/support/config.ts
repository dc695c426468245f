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

export interface ConfigFiles {
  /** Writes a config file of its own and returns its path. YAML 1.1 takes JSON. */
  write(content: object): string
  rewrite(path: string, content: object): void
}

/** Config files that are removed when the spec file is done. */
export function configFiles(): ConfigFiles {
  const folder = temporaryFolder()
  let count = 0
  const rewrite = (path: string, content: object): void =>
    writeFileSync(path, JSON.stringify(content, null, 2))
  return {
    rewrite,
    write(content) {
      const path = join(folder, `config-${++count}.yaml`)
      rewrite(path, content)
      return path
    },
  }
}
