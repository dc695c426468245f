import type { BrokenAdapter } from './flaw'

/** A flaw in what the version says. */
const telling =
  (version: (good: () => Promise<string>) => Promise<string>): BrokenAdapter['flaw'] =>
  (good) => ({ version: () => version(good.version) })

export const brokenVersions: readonly BrokenAdapter[] = [
  {
    does: 'tells another version each time it is asked',
    flaw: () => {
      let asked = 0
      return { version: async () => String((asked += 1)) }
    },
  },
  { does: 'tells a number as its version', flaw: telling(async (good) => Number(await good()) as never) },
  {
    does: 'tells no version as an empty text',
    flaw: telling(async (good) => (await good()).replace(/^0$/, '')),
  },
  {
    does: 'tells one version for good',
    flaw: () => {
      let first: Promise<string> | undefined
      return { version: () => (first ??= Promise.resolve('1')) }
    },
  },
  {
    does: 'leaves deletes out of its version',
    flaw: (good) => ({
      version: async () => {
        const revisions = (await good.list()).map(({ revision }) => Number(revision))
        return String(Math.max(0, ...revisions))
      },
    }),
  },
  {
    does: 'tells how many models there are as its version',
    flaw: (good) => ({ version: async () => String((await good.list()).length) }),
  },
  {
    does: 'leaves batches out of its version',
    flaw: (good) => {
      let unseen = 0
      return {
        version: async () => String(Number(await good.version()) - unseen),
        batch: async (writes) => {
          const result = await good.batch(writes)
          unseen += result.ok ? writes.length : 0
          return result
        },
      }
    },
  },
  {
    does: 'tells the version of its own changes',
    flaw: (good) => {
      let own = 0
      const counted =
        <A extends unknown[], R>(write: (...given: A) => R) =>
        (...given: A): R => {
          own += 1
          return write(...given)
        }
      return {
        version: async () => (await good.ping(), String(own)),
        create: counted(good.create),
        update: counted(good.update),
        delete: counted(good.delete),
        batch: counted(good.batch),
      }
    },
  },
  {
    does: 'tells the last version it knew in an outage',
    flaw: (good, storage) => {
      let last = ''
      return {
        version: async () => (storage.failing ? last : (last = await good.version())),
      }
    },
  },
  {
    does: 'tells its version after close',
    flaw: (good) => {
      let last: string | undefined
      return {
        version: async () => last ?? good.version(),
        close: async () => {
          last = await good.version().catch(() => '')
          await good.close()
        },
      }
    },
  },
]
