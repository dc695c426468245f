import { strictlyRisingClock } from '../../lib/registry/clock'

describe('the clock of audit fields', () => {
  it('rises strictly, as text too, within a millisecond and when the machine’s clock is set back', () => {
    const moments = [1000.5, 1000.5, 1000.5, 400, 2000]
    const stamp = strictlyRisingClock(() => moments.shift() ?? 0)
    const stamps = Array.from({ length: 5 }, stamp)
    expect(stamps).toEqual([
      '1970-01-01T00:00:01.000500Z',
      '1970-01-01T00:00:01.000501Z',
      '1970-01-01T00:00:01.000502Z',
      '1970-01-01T00:00:01.000503Z',
      '1970-01-01T00:00:02.000000Z',
    ])
    expect([...stamps].sort()).toEqual(stamps)
  })

  it('follows the machine’s clock again as soon as that is past the last stamp', () => {
    const moments = [9000, 1000, 1000, 8999.999, 9000.002, 9001]
    const stamp = strictlyRisingClock(() => moments.shift() ?? 0)
    expect(Array.from({ length: 6 }, stamp).map((text) => text.slice(17))).toEqual([
      '09.000000Z',
      '09.000001Z',
      '09.000002Z',
      '09.000003Z',
      '09.000004Z',
      '09.001000Z',
    ])
  })

  it('tells the machine’s millisecond, with microseconds that do not lead out of it', () => {
    const spies = [
      jest.spyOn(Date, 'now').mockReturnValue(1000),
      jest.spyOn(performance, 'now').mockReturnValue(5000.25),
    ]
    try {
      expect(strictlyRisingClock()()).toBe('1970-01-01T00:00:01.000250Z')
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  })
})
