/** Child process: a host that does nothing but wait for the first load, over a PostgreSQL that may be down. */
import { postgresAdapter } from '../../lib/adapters/postgres'
import type { Logger } from '../../lib/logger'
import { modelManagementRouter } from '../../lib/router'

const [url = '', timeoutMs] = process.argv.slice(2)
const tell = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const lines =
  (level: string): Logger['info'] =>
  (_, message) =>
    tell([level, message])

async function main(): Promise<void> {
  const router = modelManagementRouter({
    adapter: postgresAdapter({ url, listenUrl: false }),
    allowUnauthenticated: true,
    env: {},
    logger: { info: lines('info'), warn: lines('warn'), error: lines('error') },
  })
  await router.ready(timeoutMs === undefined ? undefined : { timeoutMs: Number(timeoutMs) }).then(
    () => tell(['ready', router.registry.status().warnings]),
    (error: { code: string; message: string }) => tell([error.code, error.message]),
  )
  await router.close()
}

void main()
