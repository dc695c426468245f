// npm run test:long: the specs of several processes in full. Takes many minutes; npm test runs a share of each.
import { runTool } from './root.mjs'

process.env.TEST_LONG = '1'
const passed = runTool('jest', 'spec/multi', '--selectProjects', 'express 5', ...process.argv.slice(2))
process.exitCode = passed ? 0 : 1
