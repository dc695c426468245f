import { audienceBytes } from '../../lib/model-info/audience-bytes'

const one = {}
const other = {}

/** Asks for the row as each of the audiences sees it; those of them for whom it had to be made. */
function made(kept: ReturnType<typeof audienceBytes>, audiences: string, row: object, size: number): string {
  let those = ''
  for (const audience of audiences)
    kept.of(row, audience, () => {
      those += audience
      return Buffer.alloc(size)
    })
  return those
}

it('a row is made once for each audience', () => {
  const kept = audienceBytes(100)
  expect([made(kept, 'abab', one, 1), made(kept, 'ab', other, 1), made(kept, 'ab', one, 1)]).toEqual([
    'ab',
    'ab',
    '',
  ])
})

it('what audiences who were not seen for longest see goes first once all is too much, the latest eight stay', () => {
  const kept = audienceBytes(20)
  expect([made(kept, 'abcdefghij', one, 2), made(kept, 'abcdefghij', one, 2)]).toEqual(['abcdefghij', ''])
  expect([made(kept, 'k', one, 1), made(kept, 'bcdefghijk', one, 2)]).toEqual(['k', ''])
  expect([made(kept, 'a', one, 2), made(kept, 'ABCDEFGH', one, 100)]).toEqual(['a', 'ABCDEFGH'])
  expect([made(kept, 'ABCDEFGH', one, 100), made(kept, 'ABCDEFGH', other, 100)]).toEqual(['', 'ABCDEFGH'])
  expect([made(kept, 'I', one, 1), made(kept, 'BCDEFGHI', one, 100), made(kept, 'A', one, 1)]).toEqual([
    'I',
    '',
    'A',
  ])
})

it('audiences of whom little is kept are not kept without number either', () => {
  const kept = audienceBytes(1_000_000)
  for (let at = 0; at < 1100; at++) kept.of(one, String(at), () => Buffer.alloc(0))
  let makings = 0
  for (const audience of ['1099', '200', '0'])
    kept.of(one, audience, () => {
      makings++
      return Buffer.alloc(0)
    })
  expect(makings).toBe(1)
})
