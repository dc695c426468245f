import { memoryAdapter } from '../../lib/adapters/memory'
import { makeApp } from '../support/app'
import type { TestApp } from '../support/app'
import { holding } from '../support/held'
import { slowed, statusesOf } from '../support/slow'

const note = (kib: number): string => 'n'.repeat(kib * 1024)
const model = (kib: number, team_id?: string): object => ({
  model_name: 'm',
  litellm_params: { model: 'x', note: note(kib) },
  ...(team_id === undefined ? {} : { model_info: { team_id } }),
})
const refused = (message: string, param: string | null): unknown => [
  400,
  {
    error: {
      message: `${message} Delete one that is not needed.`,
      type: 'validation_error',
      param,
      code: '400',
    },
  },
]
const full = refused("This gateway keeps at most 11264 bytes of models (option 'limits.maxBytes').", null)
const teamFull = refused(
  "The models of a team have at most 11264 bytes here (option 'limits.maxBytesPerTeam').",
  'model_info.team_id',
)
const limits = [
  ['maxBytes', { maxBytes: 11_264 }, undefined, full],
  ['maxBytesPerTeam', { maxBytesPerTeam: 11_264 }, 'a', teamFull],
] as const

/** The id of a new model, or what it is refused with. */
async function add({ post }: TestApp, body: object): Promise<string | unknown[]> {
  const { status, body: answer } = await post('/model/new', body)
  return status === 200 ? answer.model_id : [status, answer]
}

async function patch({ send }: TestApp, id: unknown, body: object): Promise<unknown> {
  const { status, body: answer } = await send('patch', `/model/${String(id)}/update`, body)
  return status === 200 ? 200 : [status, answer]
}

describe.each(limits)('limits.%s', (_limit, given, team, answer) => {
  it('refuses a model beyond it until there is room', async () => {
    const app = await makeApp({ limits: given })
    const id = await add(app, model(6, team))
    expect(await add(app, model(6, team))).toEqual(answer)
    expect(await add(app, model(3, team))).toEqual(expect.any(String))
    await app.post('/model/delete', { id })
    expect(await add(app, model(6, team))).toEqual(expect.any(String))
  })

  it('refuses an update by which a model grows beyond it, and no other', async () => {
    const app = await makeApp({ limits: given })
    const ids = [await add(app, model(3, team)), await add(app, model(3, team))]
    expect(await patch(app, ids[0], { litellm_params: { note: note(8) } })).toEqual(answer)
    expect(await patch(app, ids[0], { model_info: { note: note(8) } })).toEqual(answer)
    expect(await patch(app, ids[0], { litellm_params: { note: note(5) } })).toBe(200)
    expect(await patch(app, ids[1], { litellm_params: { note: note(6) } })).toEqual(answer)
    expect(await patch(app, ids[1], { litellm_params: { rpm: 5 } })).toBe(200)
  })

  it('holds for models that come or grow at once', async () => {
    const adapter = slowed(memoryAdapter())
    const app = await makeApp({ adapter, limits: given })
    const created = await Promise.all([1, 2, 3, 4].map(() => app.post('/model/new', model(3, team))))
    expect(statusesOf(created)).toEqual([200, 200, 200, 400])
    const ids = created.filter(({ status }) => status === 200).map(({ body }) => body.model_id)
    for (const id of ids) await patch(app, id, { litellm_params: { note: note(1) } })
    const grown = await Promise.all(ids.map((id) => patch(app, id, { litellm_params: { note: note(4) } })))
    expect(grown.filter((one) => one === 200)).toHaveLength(2)
  })

  it('keeps what is there already from nothing but growing', async () => {
    const { adapter } = await holding({ one: model(20, team) })
    const app = await makeApp({ adapter, limits: given })
    expect((await app.get('/model/info')).body.data).toHaveLength(1)
    expect(await patch(app, 'one', { litellm_params: { note: note(21) } })).toEqual(answer)
    expect(await patch(app, 'one', { litellm_params: { note: note(20).replace('n', 'o') } })).toBe(200)
    expect(await patch(app, 'one', { litellm_params: { note: note(15) } })).toBe(200)
  })
})

describe('limits.maxBytesPerTeam', () => {
  it('is one for each team, and none for models of no team', async () => {
    const app = await makeApp({ limits: { maxBytesPerTeam: 11_264 } })
    for (const team of ['a', 'b', undefined])
      expect(await add(app, model(8, team))).toEqual(expect.any(String))
    expect(await add(app, model(8))).toEqual(expect.any(String))
  })

  it('holds for a model that is moved to a team', async () => {
    const app = await makeApp({ limits: { maxBytesPerTeam: 11_264 } })
    const [, other, free] = [
      await add(app, model(6, 'a')),
      await add(app, model(6, 'b')),
      await add(app, model(9)),
    ]
    for (const id of [other, free])
      expect(await patch(app, id, { model_info: { team_id: 'a' } })).toEqual(teamFull)
    expect(await patch(app, free, { model_info: { team_id: 'c' } })).toBe(200)
  })
})

it('how much fits beside a secret does not tell how long it is', async () => {
  const held = (length: number): object => ({ litellm_params: { model: 'x', api_key: 's'.repeat(length) } })
  const most = async (length: number): Promise<number> => {
    const { adapter } = await holding({ one: held(length) })
    const app = await makeApp({ adapter, limits: { maxBytes: 4096 } })
    let [fits, tooMuch] = [0, 4096]
    while (tooMuch - fits > 1) {
      const middle = Math.floor((fits + tooMuch) / 2)
      if ((await patch(app, 'one', { note: 'n'.repeat(middle) })) === 200) fits = middle
      else tooMuch = middle
      await patch(app, 'one', { note: null })
    }
    return fits
  }
  expect(await most(3)).toBe(await most(60))
})
