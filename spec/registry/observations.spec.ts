import { observations } from '../../lib/registry/observations'
import { shortened } from '../../lib/registry/shortened'

describe('what is read is news', () => {
  it('when nothing is known yet', () => {
    const seen = observations()
    expect(seen.isNews('a', seen.begin())).toBe(true)
  })

  it('not when it began before the row was learnt', () => {
    const seen = observations()
    const early = seen.begin()
    seen.note('a')
    expect([seen.isNews('a', early), seen.isNews('b', early), seen.isNews('a', seen.begin())]).toEqual([
      false,
      true,
      true,
    ])
  })

  it('not when it began before all rows were learnt, whatever was known of one of them', () => {
    const seen = observations()
    seen.note('a')
    const early = seen.begin()
    seen.noteAll()
    expect([seen.isNews('a', early), seen.isNews('b', early), seen.isNews('a', seen.begin())]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('not at the very moment when something was learnt', () => {
    const seen = observations()
    const ticket = seen.begin()
    seen.note('a')
    expect([ticket + 1, seen.isNews('a', ticket + 1), seen.begin()]).toEqual([2, false, 3])
  })

  it('not when it began before a row was learnt that has been forgotten, as the oldest of too many', () => {
    const seen = observations(2)
    const early = seen.begin()
    for (const id of ['a', 'b', 'a', 'c']) seen.note(id)
    const between = seen.begin()
    const news = (ticket: number) => ['a', 'b', 'c', 'd'].map((id) => seen.isNews(id, ticket))
    expect([news(early), news(between)]).toEqual([
      [false, false, false, false],
      [true, true, true, true],
    ])
    seen.note('d')
    expect(news(between)).toEqual([true, true, true, false])
  })
})

it('an id is known by a short text, however long callers make it', () => {
  const [long, other] = ['a'.repeat(20_000), `${'a'.repeat(20_000)}b`]
  expect([shortened('a'.repeat(100)), shortened(long).length]).toEqual(['a'.repeat(100), 27])
  const seen = observations()
  const early = seen.begin()
  seen.note(long)
  expect([seen.isNews(long, early), seen.isNews(other, early)]).toEqual([false, true])
})
