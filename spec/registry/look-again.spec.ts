import { setImmediate as turn } from 'node:timers/promises'
import { lookAgain } from '../../lib/registry/look-again'
import { gate } from '../support/gate'

function counting(apartMs?: number) {
  const looks: number[] = []
  const again = lookAgain(async () => void looks.push(performance.now()), apartMs)
  return { again, looks }
}

it('a name is looked for at once, and not again a moment later', async () => {
  const { again, looks } = counting()
  await again.for('a')
  await again.for('a')
  expect(looks).toHaveLength(1)
})

it('names that come at once share a look, and those that come during it share the next', async () => {
  const { passed, open } = gate()
  let looks = 0
  const again = lookAgain(() => {
    looks++
    return passed
  }, 1)
  const first = ['a', 'b', 'c'].map((name) => again.for(name))
  await turn()
  expect(looks).toBe(1)
  const later = ['d', 'e', 'f'].map((name) => again.for(name))
  open()
  await Promise.all([...first, ...later])
  expect(looks).toBe(2)
})

it('names that come one after the other cannot make storage be read without a pause', async () => {
  const { again, looks } = counting(20)
  for (const name of ['a', 'b', 'c', 'd']) await again.for(name)
  const pauses = looks.slice(1).map((at, before) => at - (looks[before] ?? 0))
  expect(pauses.map((ms) => ms >= 18)).toEqual([true, true, true])
})

it('a look that fails is an answer too, and the next name is looked for', async () => {
  let looks = 0
  const again = lookAgain(() => {
    looks++
    return Promise.reject(new Error('down'))
  }, 1)
  await again.for('a')
  await again.for('b')
  expect(looks).toBe(2)
})

it('names that were not there are forgotten before they are too many', async () => {
  const { again, looks } = counting(0)
  for (let at = 0; at < 1000; at++) await again.for(`name-${at}`)
  await again.for('name-998')
  expect(looks).toHaveLength(1000)
  await again.for('one more')
  await again.for('name-999')
  expect(looks).toHaveLength(1002)
})
