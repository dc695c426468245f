import { strictEqual } from 'node:assert'
import type { JsonObject } from '../../json'
import { awkwardValues } from '../awkward-values'
import { changed, draft } from '../drafts'
import type { Ear } from '../ear'
import {
  canonical,
  contents,
  expectDone,
  expectIds,
  expectModel,
  expectRejection,
  expectSame,
  expectUnchanged,
} from '../expect'
import type { Case, Full, Need } from '../scope'
import { frozen, spoil } from './copies'

const needs: readonly Need[] = ['readSettings', 'writeSettings']

export const settingsCases: readonly Case[] = [
  {
    name: 'readSettings and writeSettings come together or not at all',
    async check({ openRaw }) {
      const { readSettings, writeSettings } = await openRaw()
      strictEqual(typeof readSettings, typeof writeSettings, 'the type of readSettings and of writeSettings')
    },
  },
  {
    name: 'settings are null until they are written',
    needs,
    async check({ open }) {
      const adapter = await open()
      strictEqual(await adapter.readSettings(), null, 'the settings of an empty store')
      expectDone(await adapter.create(draft('one')), 'a create')
      strictEqual(await adapter.readSettings(), null, 'the settings after a create')
    },
  },
  {
    name: 'settings come back as they were written, whatever they hold',
    needs,
    async check({ open }) {
      const adapter = await open()
      await keeps(adapter, {}, 'settings without a member')
      for (const [description, value] of awkwardValues) {
        await keeps(adapter, { value, list: [value], object: { value } }, `settings with ${description}`)
      }
    },
  },
  {
    name: 'settings keep the order of keys',
    needs,
    async check({ open }) {
      const adapter = await open()
      const settings = { zeta: 1, alpha: { y: 1, x: 2, b: 3, a: 4 }, mid: [{ q: 1, c: 2 }] }
      await adapter.writeSettings(settings)
      strictEqual(JSON.stringify(await adapter.readSettings()), JSON.stringify(settings), 'the settings')
    },
  },
  {
    name: 'settings are replaced as a whole',
    needs,
    async check({ open }) {
      const adapter = await open()
      await adapter.writeSettings({ groups: { fast: ['a'], slow: ['b'] }, limit: 3 })
      await keeps(adapter, { groups: { fast: ['c'] } }, 'settings with fewer members')
      await keeps(adapter, {}, 'settings with no member any more')
    },
  },
  {
    name: 'settings that were passed in are left as they were, and may be changed afterwards',
    needs,
    async check({ open }) {
      const adapter = await open()
      await adapter.writeSettings(frozen(nested()))
      const passed = nested()
      await adapter.writeSettings(passed)
      if (Object.isFrozen(passed)) throw new Error('writeSettings froze what was passed in')
      spoil(passed)
      expectSame(await adapter.readSettings(), nested(), 'the settings after what was passed in was changed')
    },
  },
  {
    name: 'settings that were handed out may be changed',
    needs,
    async check({ open }) {
      const adapter = await open()
      await adapter.writeSettings(nested())
      spoil(await adapter.readSettings())
      expectSame(await adapter.readSettings(), nested(), 'the settings after what was handed out was changed')
    },
  },
  {
    name: 'settings and models are kept apart',
    needs,
    async check({ open }) {
      const adapter = await open()
      await adapter.writeSettings(nested())
      expectSame(await adapter.list(), [], 'list after settings were written')
      const ids = ['settings', 'readSettings', 'null', '1']
      for (const id of ids) {
        strictEqual(
          await adapter.get(id),
          undefined,
          `get(${JSON.stringify(id)}) after settings were written`,
        )
        expectDone(await adapter.create(draft(id)), 'a create')
      }
      const before = await contents(adapter)
      await adapter.writeSettings({ limit: 4 })
      expectUnchanged(await contents(adapter), before, 'writing settings')
      for (const id of ids) {
        expectModel(await adapter.get(id), draft(id), JSON.stringify(id))
        expectDone(await adapter.update(changed(id, 1)), 'an update')
        expectDone(await adapter.delete(id), 'a delete')
      }
      expectSame(await adapter.readSettings(), { limit: 4 }, 'the settings after models were written')
    },
  },
  {
    name: "watch tells 'all' once settings can be read",
    needs: [...needs, 'watch'],
    async check({ open, listen }) {
      const adapter = await open()
      const ear = await listen(adapter)
      for (const limit of [1, 2]) {
        await adapter.writeSettings({ limit })
        await hears(ear, { limit })
      }
    },
  },
  {
    name: 'another instance reads settings at once',
    needs: [...needs, 'peer'],
    async check({ open, peer }) {
      const first = await open()
      const second = await peer(first)
      // Each has read before the other writes, so that a cache is caught.
      strictEqual(await second.readSettings(), null, 'the settings in another instance')
      await first.writeSettings(nested())
      expectSame(await second.readSettings(), nested(), 'the settings in another instance')
      await second.writeSettings({ limit: 4 })
      expectSame(await first.readSettings(), { limit: 4 }, 'the settings that another instance wrote')
    },
  },
  {
    name: "watch tells 'all' once the settings of another instance can be read",
    needs: [...needs, 'watch', 'peer'],
    async check({ open, peer, listen }) {
      const first = await open()
      const ear = await listen(await peer(first))
      for (const limit of [1, 2]) {
        await first.writeSettings({ limit })
        await hears(ear, { limit })
      }
    },
  },
  {
    name: 'settings are rejected after close',
    needs: [...needs, 'close'],
    async check({ open }) {
      const adapter = await open()
      await adapter.writeSettings(nested())
      await adapter.close()
      await expectRejection(() => adapter.readSettings(), 'readSettings after close')
      await expectRejection(() => adapter.writeSettings({}), 'writeSettings after close')
    },
  },
  {
    name: 'opened again, storage holds the settings',
    needs: [...needs, 'close', 'reopen'],
    async check({ open, reopen }) {
      const first = await open()
      await first.writeSettings(nested())
      const second = await reopen(first)
      expectSame(await second.readSettings(), nested(), 'the settings')
      await expectIds(second, [], 'list')
    },
  },
  {
    name: 'settings are rejected while storage cannot be reached, and are as before after',
    needs: [...needs, 'outage'],
    async check({ open, outage }) {
      const adapter = await open()
      await adapter.writeSettings(nested())
      const heal = await outage(adapter)
      // Null would tell the core that nothing was ever set.
      await expectRejection(() => adapter.readSettings(), 'readSettings in an outage')
      await expectRejection(() => adapter.writeSettings({}), 'writeSettings in an outage')
      await heal()
      expectSame(await adapter.readSettings(), nested(), 'the settings after an outage')
    },
  },
]

function nested(): JsonObject {
  return { limit: 3, groups: { fast: ['one', 'two'] } }
}

async function keeps(adapter: Full, settings: JsonObject, what: string): Promise<void> {
  await adapter.writeSettings(settings)
  expectSame(await adapter.readSettings(), settings, what)
}

function hears(ear: Ear, settings: JsonObject): Promise<void> {
  return ear.until("'all' after settings were written, when they can be read", async (hint) => {
    return hint.ids === 'all' && canonical(await hint.settings) === canonical(settings)
  })
}
