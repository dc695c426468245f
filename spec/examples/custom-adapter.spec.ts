import { join } from 'node:path'
import type { ModelAdapter } from '../../lib/adapters/adapter'
import { registerConformance } from '../../lib/testing'
import { lmdbAdapter } from '../../examples/custom-adapter/lmdb-adapter'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let environments = 0

const places = new WeakMap<ModelAdapter, string>()
function over(path: string): ModelAdapter {
  const adapter = lmdbAdapter({ path })
  places.set(adapter, path)
  return adapter
}
const again = (adapter: ModelAdapter) => over(places.get(adapter)!)

describe('the adapter for LMDB', () => {
  registerConformance(test, {
    create: () => over(join(folder, String((environments += 1)))),
    peer: again,
    reopen: again,
    absent: ['watch', 'version', 'revisions'],
  })
})
