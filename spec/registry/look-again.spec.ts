import { lookAgain } from '../../lib/registry/look-again'

it('names that were not there are forgotten before they are too many', async () => {
  let looks = 0
  const again = lookAgain(async () => void looks++)
  for (let at = 0; at < 1000; at++) await again.for(`name-${at}`)
  await again.for('name-999')
  expect(looks).toBe(1000)
  await again.for('one more')
  await again.for('name-999')
  expect(looks).toBe(1002)
})
