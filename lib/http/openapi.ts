import { version } from '../../package.json'
import { isJsonObject } from '../json'
import type { JsonObject, JsonValue } from '../json'
import { readyBytes } from '../registry/list-bytes'
import type { ReadyBytes } from '../registry/list-bytes'
import { fieldsOf } from '../schema/coerce'
import { schemas } from '../schema/schemas'
import type { SchemaName } from '../schema/schemas'
import type { Route } from './route'

/** The document as it is sent, made when it is asked for the first time. */
export function readyDocument(routes: readonly Route[]): () => ReadyBytes {
  let ready: ReadyBytes | undefined
  return () => (ready ??= readyBytes(Buffer.from(JSON.stringify(openapiDocument(routes)))))
}

/** An OpenAPI 3.1 document of the routes, made of the route table and the schemas that the routes are checked with. */
export function openapiDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Model management',
      description: "LiteLLM's model-management API, served by express-model-management.",
      version,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '.', description: 'Where this document was read.' }],
    security: [{ bearer: [] }, { key: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'x-litellm-api-key' },
      },
      schemas: Object.fromEntries(
        (Object.keys(schemas) as SchemaName[])
          .filter((name) => !name.endsWith('-query'))
          .map((name) => [titleOf(name), component(schemas[name])]),
      ),
    },
  }
}

const tags = {
  models: 'Deployments, and the public names by which they are called.',
  'access groups': 'Names by which keys and teams are granted models.',
  'cost map': 'Prices and limits of known models.',
  operation: 'For those who run the gateway.',
}

function tagOf({ path, family }: Route): keyof typeof tags {
  if (family === 'group') return 'access groups'
  if (family === 'cost_map') return 'cost map'
  return family === 'none' || path === '/openapi.json' ? 'operation' : 'models'
}

function operation(route: Route): JsonObject {
  const { method, path, summary, access, query, body, reply } = route
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))]
  return {
    operationId: `${method}${path.replaceAll(/[^a-zA-Z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    tags: [tagOf(route)],
    ...(access === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body) } }),
    responses: responses(route, reply),
  }
}

function pathParameters(path: string): readonly JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(name: SchemaName): readonly JsonObject[] {
  const { required } = schemas[name]
  return [...fieldsOf(schemas[name])].map(([field, { description, ...schema }]) => ({
    name: field,
    in: 'query',
    required: Array.isArray(required) && required.includes(field),
    ...(description === undefined ? {} : { description }),
    schema,
  }))
}

/** What each status means, by the shape that tells of it. */
const refusals: readonly (readonly [status: string, description: string, shape: SchemaName])[] = [
  ['400', 'What was asked for is not there, or cannot be done.', 'detail'],
  ['403', 'The caller may not do this.', 'error'],
  ['404', 'What was named is not there.', 'detail'],
  ['409', 'It exists already.', 'error'],
  ['412', 'The model was changed since it was read.', 'error'],
  ['413', 'The body is too large.', 'error'],
  ['422', 'The body or query does not fit its schema.', 'validation-error'],
  ['503', 'Models or storage are not there yet, or just now.', 'error'],
]

function responses({ access, body, query }: Route, reply: SchemaName): JsonObject {
  const isWrite = body !== undefined
  const told = refusals.filter(([status]) => {
    if (status === '503') return access === 'key'
    if (status === '422') return isWrite || query !== undefined
    return isWrite || ['400', '403', '404'].includes(status)
  })
  return {
    '200': { description: 'Done.', content: content(reply) },
    ...(access === 'open'
      ? {}
      : { '401': { description: 'No key, or none that is known.', content: content('error') } }),
    ...Object.fromEntries(
      told.map(([status, description, shape]) => [status, { description, content: content(shape) }] as const),
    ),
  }
}

function content(name: SchemaName): JsonObject {
  return { 'application/json': { schema: { $ref: pointer(name) } } }
}

function pointer(name: SchemaName): string {
  return `#/components/schemas/${titleOf(name)}`
}

function titleOf(name: SchemaName): string {
  const { title } = schemas[name]
  return typeof title === 'string' ? title : name
}

/** A schema file as a component: what says where the file is gives way to where it is in the document. */
function component({ $schema: _, $id: __, ...schema }: JsonObject): JsonValue {
  return relocated(schema)
}

function relocated(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(relocated)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? pointer(member.replace(/\.json$/, '') as SchemaName)
        : relocated(member),
    ]),
  )
}
