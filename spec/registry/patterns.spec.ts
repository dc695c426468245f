import fc from 'fast-check'
import { compilePattern, fillStars, findStars, matchesPattern } from '../../lib/registry/patterns'

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

it('what stands before, between and after stars does not overlap', () => {
  expect(['abcd', 'abccd'].filter((name) => matchesPattern('a*bc*cd', name))).toEqual(['abccd'])
  expect(['aba', 'ababa', 'ab', 'abaa'].filter((name) => matchesPattern('aba*a', name))).toEqual([
    'ababa',
    'abaa',
  ])
})

describe('what is called for a name that fits a pattern', () => {
  it.each([
    ['what stands for the star', 'openai/*', 'my/*', 'my/gpt-4o', 'openai/gpt-4o'],
    ['what stands for each of them, in their order', 'a/*/b/*', 'my/*/x/*', 'my/1/x/2', 'a/1/b/2'],
    ['that without what follows it', 'a/*', 'my/*-end', 'my/1-end', 'a/1'],
    ['one model, where it has no star', 'openai/gpt-4o', 'my/*', 'my/any', 'openai/gpt-4o'],
    ['nothing, where it has too few', 'a/*', 'my/*/x/*', 'my/1/x/2', undefined],
    ['its own star, where it has too many', 'a/*/b/*', 'my/*', 'my/1', 'a/1/b/*'],
    ['its own star, where the pattern has none', 'a/*', 'my', 'my', 'a/*'],
  ])('is %s', (_what, template, pattern, name, called) => {
    const stars = findStars(compilePattern(pattern), name) ?? ['no match']
    expect(fillStars(template, stars)).toBe(called)
  })
})
