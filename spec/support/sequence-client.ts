import { isDeepStrictEqual } from 'node:util'
import express from 'express'
import type { Deployment, ModelAdapter } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import type { ModelManagementRouter } from '../../lib/router'
import { masterKey } from './app'
import { inject } from './inject'
import type { InjectedReply } from './inject'
import type { CallerName } from './sequence-steps'

export const keyOf: Readonly<Record<CallerName, string>> = {
  master: masterKey,
  narrow: 'sk-narrow',
  team: 'sk-team',
}

export type Ask = (
  method: string,
  url: string,
  as: CallerName,
  body?: JsonObject,
  headers?: Readonly<Record<string, string>>,
) => Promise<InjectedReply>

/** Asks the router as a host's app would, by one of the keys. */
export function asking(router: ModelManagementRouter): Ask {
  const app = express().use(router)
  return (method, url, as, body, headers) => inject(app, { method, url, key: keyOf[as], body, headers })
}

export function json({ text }: InjectedReply): JsonObject {
  return JSON.parse(text) as JsonObject
}

/** A row as a write or a list answers it, as far as nobody can foretell it. */
export interface Told {
  readonly model_id: string
  readonly model_name: string
  readonly model_info: JsonObject & { readonly id: string; readonly updated_at: string }
  readonly created_at: string
  readonly updated_at: string
}

/** The one row of `GET /model/info?litellm_model_id=`, or what a write answers. */
export function told(reply: InjectedReply): Told {
  const body = json(reply) as unknown as Told & { readonly data?: readonly [Told] }
  return body.data?.[0] ?? body
}

/** The name that a model is kept by: that of a team's is in no answer. */
export async function keptName(adapter: ModelAdapter, id: string): Promise<string> {
  const model = await adapter.get(id)
  if (model === undefined) throw new Error(`${id} is not stored`)
  return (model.deployment as Deployment).model_name
}

/** jest's own comparison is slow, so it only tells what differs. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return
  expect({ [what]: actual }).toStrictEqual({ [what]: expected })
  throw new Error(`${what} differs`)
}
