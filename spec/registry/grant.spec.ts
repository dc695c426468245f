import { grantOf, listOfTeam, listOfTeams } from '../../lib/registry/grant'
import { configRow } from '../../lib/registry/row'
import type { Row } from '../../lib/registry/row'

function row(name: string, info: Record<string, string | string[]> = {}): Row {
  return configRow('id', { model_name: name, litellm_params: {}, model_info: info }, '1')
}

/** [the list, what it names, names that are included, names that are not] */
const lists: readonly [readonly string[] | undefined, readonly string[] | undefined, string[], string[]][] = [
  [undefined, undefined, ['any'], []],
  [['all-proxy-models'], undefined, ['any'], []],
  [['a', '*'], undefined, ['any'], []],
  [[], [], [], ['any', '']],
  [
    ['b', 'a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
    ['c', 'A'],
  ],
  [['no-default-models'], [], [], ['any', 'no-default-models']],
  [['all-team-models', 'a'], ['a'], ['a'], ['all-team-models']],
  [['openai/*'], ['openai/*'], ['openai/x', 'openai/*'], ['openai', 'azure/x']],
]

it.each(lists)('the list %j', (list, named, included, others) => {
  const grant = grantOf(list)
  expect(grant.list).toEqual(named)
  expect(included.filter((name) => !grant.includes(name))).toEqual([])
  expect(others.filter((name) => grant.includes(name))).toEqual([])
  expect(included.filter((name) => !grant.covers(row(name)))).toEqual([])
  expect(others.filter((name) => grant.covers(row(name)))).toEqual([])
})

describe('a row is covered', () => {
  const team = row('internal', { team_id: 't', team_public_model_name: 'public' })
  const grouped = row('m', { access_groups: ['g'] })

  it('by one of its access groups', () => {
    expect([grantOf(['g']).covers(grouped), grantOf(['h']).covers(grouped)]).toEqual([true, false])
  })

  it('by no pattern that fits its access group', () => {
    expect(grantOf(['g*']).covers(grouped)).toBe(false)
  })

  it("by a team's public name, never by its internal one", () => {
    expect([grantOf(['public']).covers(team), grantOf(['internal']).covers(team)]).toEqual([true, false])
  })

  it('by either name where it is of no team', () => {
    const free = row('internal', { team_public_model_name: 'public' })
    expect(['public', 'internal', 'other'].map((name) => grantOf([name]).covers(free))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('by the name of the row it stands for', () => {
    const alias = { ...row('alias'), standsFor: row('target') }
    expect(['alias', 'target', 'other'].map((name) => grantOf([name]).covers(alias))).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('the list of a team', () => {
  it('is none where it names nothing', () => {
    expect([listOfTeam({ id: 't' }), listOfTeam({ id: 't', models: [] })]).toEqual([undefined, undefined])
    expect(listOfTeam({ id: 't', models: ['a'] })).toEqual(['a'])
  })

  it('and of several is all of them, or none', () => {
    expect(listOfTeams([])).toBeUndefined()
    expect(listOfTeams([{ id: 's', models: ['a'] }, { id: 't' }])).toBeUndefined()
    expect(
      listOfTeams([
        { id: 's', models: ['a'] },
        { id: 't', models: ['b'] },
      ]),
    ).toEqual(['a', 'b'])
  })
})
