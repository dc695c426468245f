import { readJson } from '../support/sources'

interface LockedPackage {
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>
  readonly hasInstallScript?: boolean
}

const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> }
const runtime = reachable()

test('a consumer gets the few packages that are meant, and what those need', () => {
  expect(runtime.length).toBeGreaterThan(3)
  expect(Object.keys(packages['']?.dependencies ?? {}).sort()).toEqual(['ajv', 'js-yaml'])
})

test('no package that a consumer gets runs a script when it is installed', () => {
  // npm 12 blocks such scripts and npm 11 warns of them; optional peers are held to the same.
  expect(runtime.filter((path) => packages[path]?.hasInstallScript)).toEqual([])
})

/** Lock-file paths of all that our dependencies and peers lead to, ourselves left out. */
function reachable(): string[] {
  const found = new Set<string>()
  const waiting = ['']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = packages[path] ?? {}
    // Other packages' optional peers are the consumer's choice; ours are our recommendation.
    const peers = Object.keys(entry.peerDependencies ?? {}).filter(
      (name) => path === '' || !entry.peerDependenciesMeta?.[name]?.optional,
    )
    for (const name of [...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }), ...peers]) {
      const target = locate(path, name)
      if (target === undefined || found.has(target)) continue
      found.add(target)
      waiting.push(target)
    }
  }
  return [...found]
}

/** Where node would find a package, seen from another: its own node_modules first, then upwards. */
function locate(from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (packages[path]) return path
    if (at === '') return undefined
  }
}
