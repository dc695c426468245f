import { fail, ok, strictEqual } from 'node:assert'
import { draft } from '../drafts'
import { expectDone, expectIds, expectPromise } from '../expect'
import { optionalMethods } from '../options'
import type { Case } from '../scope'

/** The options first: the other cases mean nothing while these fail. */
export const harnessCases: readonly Case[] = [
  {
    name: 'create() opens empty storage of its own each time',
    async check({ open }) {
      const [one, other] = [await open(), await open()]
      expectDone(await one.create(draft('one')), 'a create')
      await expectIds(other, [], 'a second adapter from create()')
    },
  },
  {
    name: 'the adapter has the optional methods that the options do not call absent',
    async check({ openRaw, absent }) {
      const adapter = await openRaw()
      for (const method of optionalMethods) {
        const there = typeof adapter[method] === 'function'
        if (there && absent.includes(method)) fail(`${method}() is there: remove it from \`absent\``)
        if (!there && !absent.includes(method)) fail(`${method}() is not there: name it in \`absent\``)
      }
    },
  },
  {
    name: 'the adapter has a name and says whether it is durable',
    async check({ open }) {
      const { name, durable } = await open()
      ok(typeof name === 'string' && name !== '', 'name is a text that is not empty')
      strictEqual(typeof durable, 'boolean', 'durable is true or false')
    },
  },
  {
    name: 'every method answers with a promise',
    async check({ open }) {
      const adapter = await open()
      const calls = {
        list: () => adapter.list(),
        get: () => adapter.get('unknown'),
        create: () => adapter.create(draft('one')),
        update: () => adapter.update(draft('one')),
        delete: () => adapter.delete('one'),
      }
      for (const [name, call] of Object.entries(calls)) {
        const answer: unknown = call()
        expectPromise(answer, name)
        await answer
      }
    },
  },
]
