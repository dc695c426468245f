import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The files below a folder of the repository, as paths relative to that folder, sorted. */
export function filesIn(folder) {
  const top = join(root, folder)
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(top, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

/** Runs one of the installed command-line tools, sharing our terminal; true when it succeeded. */
export function runTool(name, ...args) {
  const { status, error } = spawnSync(join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) throw error
  return status === 0
}
