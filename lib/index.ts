export { modelManagementRouter } from './router'
export { memoryAdapter } from './adapters/memory'
export { postgresAdapter } from './adapters/postgres'
export { sealed } from './adapters/sealed'
export { sqliteAdapter } from './adapters/sqlite'
export { yamlFileAdapter } from './adapters/yaml-file'
export { ModelManagementError } from './errors'
export { defaultUrlPolicy } from './registry/url-policy'

export type { ModelManagementRouter } from './router'
export type {
  GuardedRequest,
  GuardOptions,
  IncomingRequest,
  Middleware,
  ModelAccess,
  RequestedModel,
} from './http/guard'
export type { CostMapSource, References, RouterOptions, SecretsMode, UrlFacts, UrlPolicy } from './options'
export type { Authenticate, KeyAuth, KeyEntry } from './options/auth'
export type { Limits } from './options/limits'
export type {
  BatchResult,
  ChangeListener,
  Deployment,
  ModelAdapter,
  ModelDraft,
  ModelSource,
  Refusal,
  StoredModel,
  Unwatch,
  Write,
  WriteCondition,
  WriteResult,
} from './adapters/adapter'
export type { SealingKey, SealingKeys } from './adapters/key-ring'
export type { Rotation } from './adapters/rotate'
export type { SealedAdapter, SealedOptions } from './adapters/sealed'
export type { YamlFileAdapter, YamlFileAdapterOptions } from './adapters/yaml-file'
export type { Caller, CallerTeam, Role } from './caller'
export type { ErrorCode, Problem } from './errors'
export type { JsonObject, JsonValue } from './json'
export type { Logger } from './logger'
export type { PublicModel } from './model-info/present'
export type { RegistryChange, RegistryListener, RowChange } from './registry/changes'
export type { NewDeployment } from './registry/draft'
export type { ModelRegistry } from './registry/host-registry'
export type { Outcome, Resolution, ResolvedDeployment } from './registry/resolve'
export type { SetAside } from './registry/row'
export type { SourceStatus, Status } from './registry/status'
