import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../lib/json'
import { costMapKeeper } from '../../lib/model-info/cost-map-keeper'
import type { CostMapKeeper, CostMapKeeperOptions } from '../../lib/model-info/cost-map-keeper'

/** Keepers and loopback servers that one call closes, and what the keepers logged. */
export interface CostMapBench {
  readonly keeper: (options?: Partial<CostMapKeeperOptions>) => CostMapKeeper
  /** Resolves with the URL of a map. */
  readonly serve: (listener: RequestListener) => Promise<string>
  readonly logged: readonly string[]
  readonly closeAll: () => Promise<void>
}

export function costMapBench(): CostMapBench {
  const keepers: CostMapKeeper[] = []
  const servers: Server[] = []
  const logged: string[] = []
  const log = (details: object, message: string) => void logged.push(`${message} ${JSON.stringify(details)}`)

  return {
    logged,
    keeper(options = {}) {
      const logger = { info: log, warn: log, error: log }
      const made = costMapKeeper({ env: {}, logger, retryMs: 0, ...options })
      keepers.push(made)
      return made
    },
    async serve(listener) {
      const server = createServer(listener)
      servers.push(server)
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/map.json`
    },
    async closeAll() {
      for (const one of keepers.splice(0)) one.close()
      for (const server of servers.splice(0)) {
        server.closeAllConnections()
        await new Promise((resolve) => {
          server.close(resolve)
        })
      }
      logged.length = 0
    },
  }
}

/** The price that a keeper knows now. */
export function priceOf(from: CostMapKeeper, model = 'gpt-4'): unknown {
  return from.current().entries[model]?.input_cost_per_token
}

/** So many models that nobody sells. */
export function inventedModels(count: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: count }, (_, number) => [`invented-${number}`, { mode: 'chat' }]),
  )
}
