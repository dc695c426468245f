import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { memoryAdapter } from './adapters/memory'
import type { Caller } from './caller'
import { configFile } from './config/config-file'
import type { ConfigFile } from './config/config-file'
import { hasKey } from './http/authenticate'
import { authenticationOf, ownHeaderIn } from './http/authentication'
import { dispatch } from './http/dispatch'
import { guardOf } from './http/guard'
import type { GuardOptions, Middleware } from './http/guard'
import { readyDocument } from './http/openapi'
import { routes } from './http/routes'
import { costMapKeeper } from './model-info/cost-map-keeper'
import { resolveOptions } from './options'
import type { Options, RouterOptions } from './options'
import type { Environment } from './yaml/environment'
import type { ReadyOptions } from './registry/first-load'
import { hostRegistryOf } from './registry/host-registry'
import type { ModelRegistry } from './registry/host-registry'
import { registryOf } from './registry/registry'

/** An Express router with the registry behind it. Typed by its call alone, so that `app.use()` of either major takes it. */
export interface ModelManagementRouter {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void
  readonly registry: ModelRegistry
  /**
   * Who is calling, by the option `auth`: for the host's own routes, so that one list of keys serves them all.
   *
   * Rejects with `no_key`, `malformed_key` or `unknown_key`; the message may be sent to the caller.
   */
  authenticate(request: IncomingMessage): Promise<Caller>
  /**
   * A middleware for the host's own routes: finds out who is calling and what the model stands for that the body names, as
   * `request.models` (see `GuardedRequest`), and answers itself, as OpenAI would, where that is nobody or nothing: 400, 401, 403, 404, 413,
   * 503. Any other error goes to the host's error handler.
   *
   * Throws `invalid_option`.
   */
  guard(options?: GuardOptions): Middleware
  /**
   * Resolves when all models were loaded for the first time; before that reads are answered with 503. The process stays alive
   * until then. With `timeoutMs`, rejects with `not_ready` after so many milliseconds; the router goes on trying until `close()`.
   */
  ready(options?: ReadyOptions): Promise<void>
  /**
   * Ends what the router opened and waits for writes under way; storage that does not answer is waited for some 10 seconds and
   * then left. From the call on writes are refused and readiness is 503. Idempotent.
   */
  close(): Promise<void>
}

/**
 * LiteLLM's model-management API as an Express router: `app.use(modelManagementRouter(options))`.
 *
 * Throws `invalid_option` or `invalid_config` at once when it is set up wrongly; storage is opened in the background.
 */
export function modelManagementRouter(given: RouterOptions = {}): ModelManagementRouter {
  const options = resolveOptions(given)
  const environment: Environment = (name) =>
    Object.hasOwn(options.env, name) ? options.env[name] : undefined
  const config = openConfig(options, environment)
  try {
    return assemble(options, environment, config)
  } catch (error) {
    config?.close()
    throw error
  }
}

function assemble(
  options: Options,
  environment: Environment,
  config: ConfigFile | undefined,
): ModelManagementRouter {
  const { logger, env, costMap: costMapSource } = options
  const authenticate = authenticationOf(options, environment, config)
  const costMap = costMapKeeper({ env, logger, costMap: costMapSource })
  const source = options.adapter ?? memoryAdapter()
  if (options.adapter === undefined)
    logger.warn({}, 'no adapter given: models added at run time are kept in memory and a restart loses them')
  const registry = registryOf({ options, source, config, costMap, environment })
  const document = readyDocument(routes)
  const callers = {
    authenticate,
    hasKey: (headers: IncomingHttpHeaders) => hasKey(headers, ownHeaderIn(config)),
  }
  const router = dispatch({ registry, options, document }, routes, callers)
  const mounted = router as unknown as ModelManagementRouter
  const hostRegistry = hostRegistryOf(registry, options.limits)
  const { assertReady } = registry
  const guardParts = { options, callers, assertReady, resolve: hostRegistry.resolveFresh }
  return Object.assign(mounted, {
    registry: hostRegistry,
    guard: (chosen?: GuardOptions) => guardOf(guardParts, chosen),
    authenticate: async (request: IncomingMessage) => authenticate(request),
    ready: registry.ready,
    close: registry.close,
  })
}

function openConfig(options: Options, env: Environment): ConfigFile | undefined {
  const {
    config,
    logger,
    configWatchMs: watchMs,
    allowOutsideIncludes: allowOutside,
    adapter,
    limits,
  } = options
  if (config === undefined) return undefined
  const { maxNameLength } = limits
  return configFile(config, { env, logger, watchMs, allowOutside, storedIn: adapter?.file, maxNameLength })
}
