import type { ResolvedDeployment } from 'express-model-management'
import { inTurn } from '../../examples/gateway/pick'

const deployment = (id: string, rpm?: number | string): ResolvedDeployment => ({
  id,
  model_name: 'm',
  litellm_params: { model: 'm', ...(rpm === undefined ? {} : { rpm }) },
  model_info: {},
})
/** How often each comes first, when chance takes every hundredth in turn. */
function firsts(...deployments: ResolvedDeployment[]): Record<string, number> {
  const chances = Array.from({ length: 100 }, (_, index) => (index + 0.5) / 100)
  const ids = chances.map((chance) => inTurn(deployments, () => chance)[0]?.id ?? '')
  return Object.fromEntries(deployments.map(({ id }) => [id, ids.filter((each) => each === id).length]))
}

describe('the order in which deployments are tried', () => {
  test.each([
    ['equal without rpm', [undefined, undefined], [50, 50]],
    ['in proportion to rpm', [6, 54], [10, 90]],
    ['rpm as text, as a variable gives it', ['25', 75], [25, 75]],
    ['one without rpm counts as 1', [undefined, 99], [1, 99]],
    ['nonsense counts as 1', [0, -5], [50, 50]],
  ] as const)('%s', (_, [one, other], [few, many]) => {
    expect(firsts(deployment('one', one), deployment('other', other))).toEqual({ one: few, other: many })
  })

  test.each([0, 0.5, 1 - Number.EPSILON, 1])('chance %d gives each deployment once', (chance) => {
    const all = ['a', 'b', 'c'].map((id) => deployment(id, 0.1))
    expect(
      inTurn(all, () => chance)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
  })

  test('nothing gives nothing', () => expect(inTurn([])).toEqual([]))
})
