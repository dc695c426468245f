import { turn, type BrokenAdapter } from './flaw'

const asleep = () => Promise.resolve(async () => {})
export const brokenLifecycle: readonly BrokenAdapter[] = [
  // From beginning to end.
  {
    does: 'refuses a second init',
    flaw: (good) => {
      let done = false
      return {
        init: () => {
          if (done) return Promise.reject(new Error('again'))
          done = true
          return good.init()
        },
      }
    },
  },
  {
    does: 'begins anew with each init',
    flaw: (good, { store }) => ({
      init: async () => {
        await good.init()
        store.rows = new Map()
      },
    }),
  },
  {
    does: 'is locked by whoever initialises first',
    flaw: (good, { notes }) => ({
      init: async () => {
        if (notes.has('lock')) throw new Error('locked')
        notes.set('lock', 'held')
        await turn()
        notes.delete('lock')
        await good.init()
      },
    }),
  },
  { does: 'cannot be pinged', flaw: () => ({ ping: () => Promise.reject(new Error('no')) }) },
  { does: 'always answers a ping', flaw: () => ({ ping: () => Promise.resolve() }) },
  {
    does: 'refuses a second close',
    flaw: (good) => {
      let done = false
      return {
        close: () => {
          if (done) return Promise.reject(new Error('again'))
          done = true
          return good.close()
        },
      }
    },
  },
  {
    does: 'cannot close before it was opened',
    flaw: (good) => {
      let opened = false
      return {
        init: async () => {
          opened = true
          await good.init()
        },
        close: async () => {
          if (!opened) throw new Error('not open')
          await good.close()
        },
      }
    },
  },
  {
    does: 'lists nothing after close',
    flaw: (good) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await good.close()
        },
        list: () => (closed ? Promise.resolve([]) : good.list()),
        get: (id) => (closed ? Promise.resolve(undefined) : good.get(id)),
      }
    },
  },
  {
    does: 'takes writes after close',
    flaw: (good) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await good.close()
        },
        create: (draft) => (closed ? Promise.resolve({ ok: false, reason: 'exists' }) : good.create(draft)),
      }
    },
  },
  {
    does: 'takes batches after close',
    flaw: (good) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await good.close()
        },
        batch: (writes) => (closed ? Promise.resolve({ ok: true, models: [] }) : good.batch(writes)),
      }
    },
  },
  {
    does: 'takes listeners after close',
    flaw: (good) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await good.close()
        },
        watch: (listener) => (closed ? asleep() : good.watch(listener)),
      }
    },
  },
  {
    does: 'closes what others use',
    flaw: (good, { store }) => ({
      close: async () => {
        await good.close()
        if (store.adapters.size > 0) store.rows = new Map()
      },
    }),
  },
  {
    does: 'empties storage when it joins',
    flaw: (good, { store }, opened) =>
      opened === 'peer'
        ? {
            init: async () => {
              await good.init()
              store.rows = new Map()
            },
          }
        : {},
  },
]
