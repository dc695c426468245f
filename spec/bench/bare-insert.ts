import { randomUUID } from 'node:crypto'
import express from 'express'
import type { RequestHandler } from 'express'
import { openFile, sqliteDriver } from '../../lib/adapters/sqlite-driver'
import type { Storage } from './storage'

const create = 'create table if not exists bare (id text primary key, deployment text not null)'

/** `POST /model/new` as a host would write it who only wants to keep what was sent. */
export async function bareInsert(storage: Storage): Promise<RequestHandler> {
  const insert = await inserter(storage)
  const router = express.Router()
  router.post('/model/new', express.json(), (request, response) => {
    const id = randomUUID()
    insert(id, JSON.stringify(request.body)).then(
      () => response.json({ model_id: id, ...(request.body as object) }),
      (error: unknown) => response.status(500).json({ error: String(error) }),
    )
  })
  return router
}

type Insert = (id: string, deployment: string) => Promise<unknown>

async function inserter(storage: Storage): Promise<Insert> {
  switch (storage.kind) {
    case 'sqlite': {
      const database = openFile(storage.file, sqliteDriver())
      database.exec(create)
      const statement = database.prepare('insert into bare values (?, ?) returning id')
      return async (id, deployment) => statement.all(id, deployment)
    }
    case 'postgres': {
      const { Pool } = await import('pg')
      const pool = new Pool({ connectionString: storage.url })
      await pool.query(create)
      return (id, deployment) => pool.query('insert into bare values ($1, $2) returning id', [id, deployment])
    }
    case 'memory':
      throw new Error('memory keeps nothing durably')
  }
}
