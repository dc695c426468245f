import { errorCodes } from '../../lib/errors'
import { read } from '../support/sources'

const section = /^## Errors by code\n([^]*?)(?=^## )/m.exec(read('README.md'))?.[1] ?? ''
const explained = [...section.matchAll(/^\| `(\w+)` +\| +\S.*\|$/gm)].map(([, code]) => code)

test('every error code has a row under "Errors by code" in the README, and no row is of a code that is gone', () => {
  expect(new Set(explained)).toEqual(new Set(errorCodes))
})
