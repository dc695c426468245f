import { roomOf } from '../../lib/registry/room'
import type { Room } from '../../lib/registry/room'
import { resolveLimits } from '../../lib/options/limits'
import type { Limits } from '../../lib/options/limits'
import { viewOf } from '../../lib/registry/view'
import { gate } from '../support/gate'
import { draft } from '../support/rows'

const done = async (): Promise<string> => 'done'
const never = (): Promise<never> => new Promise(() => {})
const full = { code: 'limit_reached' }

/** Room beside one stored model, of team `a`. */
function room(limits: Limits): Room {
  const view = viewOf('test', () => {})
  const deployment = { model_name: 'm', litellm_params: {}, model_info: { team_id: 'a' } }
  view.put('one', { ...draft('one', 0, { deployment }), revision: '1' })
  return roomOf(view, resolveLimits(limits))
}

it('what is on its way takes room until it is done, well or not', async () => {
  const { add } = room({ maxModels: 2 })
  for (const work of [done, () => Promise.reject(new Error('failed'))]) {
    const { passed, open } = gate()
    const adding = add(null, () => passed.then(work))
    await expect(add(null, done)).rejects.toMatchObject(full)
    open()
    await adding.catch(() => {})
  }
  expect(await add(null, done)).toBe('done')
})

it('a model that is moved takes no room but in its team', async () => {
  const { add, move } = room({ maxModels: 2, maxModelsPerTeam: 1 })
  void move('b', never)
  await expect(move('b', done)).rejects.toMatchObject({ ...full, param: 'model_info.team_id' })
  expect(await add('c', done)).toBe('done')
})

it('what comes to one team takes no room in another', async () => {
  const { add } = room({ maxModelsPerTeam: 2 })
  void add('b', never)
  expect(await add('a', done)).toBe('done')
})

it('models of no team have no limit of a team', async () => {
  const { add } = room({ maxModelsPerTeam: 1 })
  void add(null, never)
  expect(await add(null, done)).toBe('done')
})
