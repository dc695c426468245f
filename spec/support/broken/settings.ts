import type { JsonObject } from '../../../lib/json'
import { draft } from '../draft'
import { turn, type BrokenAdapter, type Full } from './flaw'

/** A flaw that changes settings on their way in. */
const setting =
  (change: (settings: JsonObject) => JsonObject): BrokenAdapter['flaw'] =>
  (good) => ({ writeSettings: (settings) => good.writeSettings(change(settings)) })

/** Closes, and does something of its own afterwards. */
const afterClose = (good: Full, flawed: Partial<Full>): Partial<Full> => {
  let closed = false
  const { readSettings = good.readSettings, writeSettings = good.writeSettings } = flawed
  return {
    close: async () => {
      closed = true
      await good.close()
    },
    readSettings: () => (closed ? readSettings() : good.readSettings()),
    writeSettings: (settings) => (closed ? writeSettings(settings) : good.writeSettings(settings)),
  }
}

export const brokenSettings: readonly BrokenAdapter[] = [
  { does: 'reads settings that it cannot write', flaw: () => ({ writeSettings: undefined as never }) },
  {
    does: 'reads no settings as an empty object',
    flaw: (good) => ({ readSettings: async () => (await good.readSettings()) ?? {} }),
  },
  {
    does: 'takes null in settings for absent',
    flaw: setting(
      (settings) =>
        JSON.parse(
          JSON.stringify(settings, (_, value: unknown) => (value === null ? undefined : value)),
        ) as JsonObject,
    ),
  },
  {
    does: 'sorts the keys of settings',
    flaw: setting((settings) =>
      Object.fromEntries(Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1))),
    ),
  },
  {
    does: 'merges settings',
    flaw: (good) => ({
      writeSettings: async (settings) => good.writeSettings({ ...(await good.readSettings()), ...settings }),
    }),
  },
  {
    does: 'keeps the settings it was given',
    flaw: (good, { notes }) => {
      let given: JsonObject | undefined
      return {
        writeSettings: (settings) => {
          given = settings
          notes.set('settings', JSON.stringify(settings))
          return good.writeSettings(settings)
        },
        readSettings: async () => {
          const settings = await good.readSettings()
          return JSON.stringify(settings) === notes.get('settings') && given
            ? structuredClone(given)
            : settings
        },
      }
    },
  },
  {
    does: 'writes into the settings it was given',
    flaw: (good) => ({
      writeSettings: async (settings) => {
        Object.assign(settings, { writtenAt: 'now' })
        Reflect.deleteProperty(settings, 'writtenAt')
        await good.writeSettings(settings)
      },
    }),
  },
  {
    does: 'hands out its own settings',
    flaw: (good, { store }) => {
      let held: { readonly of: string | null; readonly settings: JsonObject | null } | undefined
      return {
        readSettings: async () => {
          const settings = await good.readSettings()
          if (held?.of !== store.settings) held = { of: store.settings, settings }
          return held.settings
        },
      }
    },
  },
  {
    does: 'keeps settings among the models',
    flaw: (good) => ({
      writeSettings: async (settings) => {
        await good.create(draft('settings'))
        await good.writeSettings(settings)
      },
    }),
  },
  {
    does: 'loses settings with the model of their name',
    flaw: (good, { store }) => ({
      delete: async (id, condition) => {
        const result = await good.delete(id, condition)
        if (id === 'settings') store.settings = null
        return result
      },
    }),
  },
  {
    does: 'tells nothing of settings',
    flaw: (_, { store }) => ({
      writeSettings: async (settings) => {
        store.settings = JSON.stringify(settings)
      },
    }),
  },
  {
    does: 'tells of settings as of a model',
    flaw: (good, { store }) => ({
      watch: (listener) => {
        let known = store.settings
        return good.watch((ids) => {
          listener(store.settings === known ? ids : ['settings'])
          known = store.settings
        })
      },
    }),
  },
  {
    does: 'tells of settings before it commits them',
    flaw: (_, { store }) => ({
      writeSettings: async (settings) => {
        for (const each of store.adapters) each.tell('all')
        await turn()
        store.settings = JSON.stringify(settings)
      },
    }),
  },
  {
    does: 'reads settings from a cache',
    flaw: (good) => {
      let cache: string | undefined
      return {
        readSettings: async () =>
          JSON.parse((cache ??= JSON.stringify(await good.readSettings()))) as JsonObject | null,
        writeSettings: async (settings) => {
          await good.writeSettings(settings)
          cache = undefined
        },
      }
    },
  },
  {
    does: 'tells of its own settings only',
    flaw: (good, { store }, opened) => ({
      watch: (listener) => {
        let known = store.settings
        return good.watch((ids) => {
          if (opened !== 'peer' || store.settings === known) listener(ids)
          known = store.settings
        })
      },
    }),
  },
  {
    does: 'reads settings after close',
    flaw: (good, { store }) =>
      afterClose(good, {
        readSettings: async () => JSON.parse(store.settings ?? 'null') as JsonObject | null,
      }),
  },
  {
    does: 'takes settings after close',
    flaw: (good) => afterClose(good, { writeSettings: async () => {} }),
  },
  {
    does: 'keeps models only',
    flaw: (_, { store }, opened) => {
      if (opened === 'reopened') store.settings = null
      return {}
    },
  },
  {
    does: 'reads no settings in an outage',
    flaw: (good, storage) => ({ readSettings: async () => (storage.failing ? null : good.readSettings()) }),
  },
  {
    does: 'takes settings in an outage',
    flaw: (good, storage) => ({
      writeSettings: async (settings) => {
        if (!storage.failing) await good.writeSettings(settings)
      },
    }),
  },
]
