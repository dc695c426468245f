// npm run build: compiles lib/ to dist/ and copies what tsc leaves behind, data files and notices.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesIn, root, runTool } from './root.mjs'

// From nothing, so that a file removed from lib/ cannot live on in the package.
rmSync(join(root, 'dist'), { recursive: true, force: true })
if (!runTool('tsc', '-p', 'lib/tsconfig.json')) process.exit(1)
for (const file of filesIn('lib')) {
  if (file === 'tsconfig.json' || !/(?:\.json|\.br|NOTICE)$/.test(file)) continue
  const target = join(root, 'dist', file)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(root, 'lib', file), target)
}
