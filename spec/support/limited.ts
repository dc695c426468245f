/**
 * Child process: a gateway over a file, on a disk that is full or read-only for a while. Prints, for each stage, what a reader, a
 * writer and an operator see. The limits are of this process alone.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { sqliteAdapter } from '../../lib/adapters/sqlite'
import { yamlFileAdapter } from '../../lib/adapters/yaml-file'
import { modelManagementRouter } from '../../lib/router'

const [kind = '', trouble = '', file = ''] = process.argv.slice(2)

interface Trouble {
  begin(): void
  end(): void
}

const nobody = 65_534
const isRoot = process.getuid?.() === 0

const troubles: Readonly<Record<string, Trouble>> = {
  full: {
    // Writing beyond a limit for files fails as it does on a full disk, but for the signal that comes with it.
    // Less than a model takes, and more than what SQLite needs to open its files.
    begin: () => limitFiles(65_536),
    end: () => limitFiles('unlimited'),
  },
  'full to the last byte': {
    begin: () => limitFiles(0),
    end: () => limitFiles('unlimited'),
  },
  'read-only': {
    begin() {
      chmodSync(dirname(file), 0o555)
      // No mode keeps root from writing.
      if (isRoot) process.seteuid?.(nobody)
    },
    end() {
      if (isRoot) process.seteuid?.(0)
      chmodSync(dirname(file), 0o755)
    },
  },
}

function limitFiles(bytes: number | string): void {
  process.on('SIGXFSZ', () => {})
  const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`])
  if (status !== 0) throw new Error('prlimit failed')
}

async function main(): Promise<void> {
  const trouble_ = troubles[trouble]
  if (trouble_ === undefined) throw new TypeError(`no trouble is called ${trouble}`)
  const adapter: ModelAdapter = kind === 'yaml' ? yamlFileAdapter({ file }) : sqliteAdapter({ file })
  const router = modelManagementRouter({
    adapter,
    env: {},
    logger: { info() {}, warn() {}, error() {} },
    allowUnauthenticated: true,
  })
  await router.ready()
  await report('before')
  if (kind === 'yaml') chmodSync(file, 0o644)
  trouble_.begin()
  await report('during')
  trouble_.end()
  await report('after')
  await router.close()

  async function report(stage: string): Promise<void> {
    const body = {
      model_name: 'm',
      litellm_params: { model: 'x' },
      model_info: { id: stage, description: 'x'.repeat(100_000) },
    }
    const written = await router.registry.create(body).then(
      () => 'done',
      (error: unknown) => (error as { readonly code?: unknown }).code,
    )
    const [source] = router.registry.status().sources
    const ids = router.registry.list().map(({ model_info: info }) => (info as { readonly id: unknown }).id)
    const kept = (await adapter.list()).map(({ id }) => id)
    const error = source?.last_write_error?.message ?? null
    const litter = readdirSync(dirname(file)).filter((name) => /\.(lock|tmp)/.test(name))
    writeSync(1, `${JSON.stringify({ stage, written, ids, kept, error, litter })}\n`)
  }
}

void main()
