import type supertest from 'supertest'
import type { TestApp } from './app'

export type Update = (app: TestApp, id: string, patch: object, key?: string) => supertest.Test

/** The two ways to update, which mean the same: `[route, how]`. */
export const updateRoutes: readonly (readonly [route: string, update: Update])[] = [
  [
    'POST /model/update',
    ({ post }, id, patch, key) => {
      const { model_info: info } = patch as { readonly model_info?: object }
      return post('/model/update', { ...patch, model_info: { ...info, id } }, key)
    },
  ],
  [
    'PATCH /model/{id}/update',
    ({ send }, id, patch, key) => send('patch', `/model/${encodeURIComponent(id)}/update`, patch, key),
  ],
]
