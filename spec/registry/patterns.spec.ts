import fc from 'fast-check'
import { matchesPattern } from '../../lib/registry/patterns'

describe('a wildcard', () => {
  it('matches what the pattern would as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
        expect(matchesPattern(pattern, name)).toBe(expression.test(name))
      }),
      { numRuns: 2000 },
    )
  })
})
