import type { ModelAdapter } from '../../lib/adapters/adapter'
import { conformanceCases, registerConformance, type ConformanceOptions } from '../../lib/testing'
import { brokenAdapters, harness } from '../support/broken-adapters'
import type { Full, Opened, Storage } from '../support/broken/flaw'
import failures from '../fixtures/kit-failures.json'

const stated: Readonly<Record<string, readonly string[]>> = failures
const names = conformanceCases(harness()).map(({ name }) => name)

/** The names of the cases that an adapter fails. */
async function failed(options: ConformanceOptions): Promise<string[]> {
  const outcomes = await Promise.all(
    conformanceCases(options).map(({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  )
  return outcomes.flat()
}

describe('correct adapters', () => {
  registerConformance(test, harness())
})

describe('an adapter that', () => {
  test.each(brokenAdapters)('$does is caught by the cases stated for it', async ({ does, flaw }) => {
    const caughtBy = await failed(harness(flaw))
    expect(caughtBy).not.toEqual([])
    expect(caughtBy).toEqual(stated[does])
  })

  test('shares storage between two of create() is caught by the first case', async () => {
    const shared = (options: ReturnType<typeof harness>): ConformanceOptions => {
      let first: ModelAdapter | undefined
      return {
        ...options,
        async create() {
          if (first) return options.peer(first)
          first = await options.create()
          return first
        },
      }
    }
    const caught = await Promise.all(
      names.map(async (_, index) => {
        const one = conformanceCases(shared(harness()))[index]
        return one?.run().then(
          () => [],
          () => [one.name],
        )
      }),
    )
    expect(caught.flat()).toEqual(['create() opens empty storage of its own each time'])
  })

  test('has a method that the options call absent is caught', async () => {
    expect(await failed({ ...harness(), absent: ['ping'] })).toEqual([
      'the adapter has the optional methods that the options do not call absent',
    ])
  })
})

test('every case is failed by a broken adapter', () => {
  const caughtBy = new Set(Object.values(stated).flat())
  caughtBy.add('create() opens empty storage of its own each time')
  expect(names.filter((name) => !caughtBy.has(name))).toEqual([])
})

test('each broken adapter is named once, and none is stated that is not there', () => {
  expect(brokenAdapters.map(({ does }) => does).sort()).toEqual(Object.keys(stated).sort())
})

test('no two cases have one name', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

describe('skipped cases', () => {
  const bare: ConformanceOptions = {
    create: harness().create,
    absent: [
      'init',
      'close',
      'ping',
      'watch',
      'batch',
      'readSettings',
      'writeSettings',
      'version',
      'revisions',
    ],
  }
  const skips = (options: ConformanceOptions) =>
    new Set(conformanceCases(options).flatMap(({ skip }) => skip ?? []))

  test('say which capability is missing', () => {
    expect(skips(bare)).toEqual(
      new Set([
        'the adapter has no init()',
        'the adapter has no close()',
        'the adapter has no ping()',
        'the adapter has no watch()',
        'the adapter has no batch()',
        'the adapter has no readSettings()',
        'the adapter has no version()',
        'the adapter has no revisions()',
        'the options have no peer()',
        'the options have no outage()',
      ]),
    )
    expect(skips({ create: harness().create })).toEqual(
      new Set(['the options have no peer()', 'the options have no reopen()', 'the options have no outage()']),
    )
    expect(skips(harness())).toEqual(new Set())
  })

  test('are registered as skipped, the others without a parameter', () => {
    const run: string[] = []
    const skipped: string[] = []
    const runner = Object.assign(
      (name: string, body: () => Promise<void>) => {
        // Jest takes a declared parameter for its `done`.
        expect(body).toHaveLength(0)
        run.push(name)
      },
      { skip: (name: string) => skipped.push(name) },
    )
    registerConformance(runner, bare)
    expect(run.length + skipped.length).toBe(names.length)
    expect(skipped).toContain("watch begins with 'all' (skipped: the adapter has no watch())")
  })

  test('are left out where the runner knows no skip', () => {
    const run: string[] = []
    registerConformance((name) => run.push(name), bare)
    expect(run).toEqual(conformanceCases(bare).flatMap(({ name, skip }) => (skip === undefined ? name : [])))
  })
})

describe('leaves nothing open, neither when it holds nor when it fails:', () => {
  const flaws = ['answers create with the draft', 'never tells more', 'lists nothing in an outage'] as const
  const found = brokenAdapters.filter(({ does }) => flaws.some((name) => name === does))

  test.each([{ does: 'nothing wrong', flaw: (): Partial<Full> => ({}) }, ...found])(
    'an adapter that $does',
    async ({ flaw }) => {
      const storages: Storage[] = []
      let listening = 0
      function counting(good: Full, storage: Storage, opened: Opened): Partial<Full> {
        storages.push(storage)
        const flawed = flaw(good, storage, opened)
        const watch = flawed.watch ?? good.watch
        return {
          ...flawed,
          async watch(listener) {
            const unwatch = await watch(listener)
            listening += 1
            return async () => {
              listening -= 1
              await unwatch()
            }
          },
        }
      }
      await failed(harness(counting))
      expect(storages.length).toBeGreaterThan(names.length)
      expect(storages.filter(({ store }) => store.adapters.size > 0)).toEqual([])
      expect(storages.filter(({ failing }) => failing)).toEqual([])
      expect(listening).toBe(0)
    },
  )

  test('an ending that fails is reported when the case itself holds', async () => {
    const close = () => Promise.reject(new Error('cannot close'))
    const [first] = conformanceCases(harness(() => ({ close })))
    await expect(first?.run()).rejects.toThrow('cannot close')
  })
})
