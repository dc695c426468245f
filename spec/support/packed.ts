import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { root } from './sources'

/** This package as npm would publish it, from the build that is there. */
export interface Packed {
  readonly scratch: string
  readonly tarball: string
  readonly unpacked: string
  /** What npm would do in a project's folder, without a network: this package for real, `links` by our own node_modules. */
  install(project: string, links: readonly (readonly [name: string, as: string])[]): void
  remove(): void
}

export function packed(): Packed {
  const scratch = mkdtempSync(join(tmpdir(), 'packed-'))
  const [made] = JSON.parse(
    run(root, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', scratch),
  ) as [{ filename: string }]
  const tarball = join(scratch, made.filename)
  run(scratch, 'tar', '-xzf', tarball)
  const unpacked = join(scratch, 'package')

  return {
    scratch,
    tarball,
    unpacked,
    install(project, links) {
      const modules = join(project, 'node_modules')
      cpSync(unpacked, join(modules, 'express-model-management'), { recursive: true })
      for (const [name, as] of links) {
        mkdirSync(dirname(join(modules, as)), { recursive: true })
        symlinkSync(join(root, 'node_modules', name), join(modules, as))
      }
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  }
}

/** What it printed; throws with everything it printed when it fails. */
export function run(cwd: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 25_000 })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${basename(command)} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
