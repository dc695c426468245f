import { makeApp, masterKey } from '../support/app'

it.each([
  [12, 'models id-0, id-1, id-2, id-3, id-4, id-5, id-6, id-7, id-8, id-9 and 2 more'],
  [1, 'models id-0'],
])('%i models of a team that no key has are a warning', async (count, models) => {
  const key = { key: 'sk-team', userId: 'ann', role: 'internal_user' as const, teams: [{ id: 'a' }] }
  const { post, router } = await makeApp({ auth: { masterKey, keys: [key] } })
  const model = (id: string, team: string | null): object => ({
    model_name: id,
    litellm_params: {},
    model_info: { id, team_id: team },
  })
  await post('/model/new', model('known', 'a'))
  await post('/model/new', model('of-all', null))
  const before = router.registry.status().warnings
  for (let at = 0; at < count; at++) await post('/model/new', model(`id-${at}`, 'gone'))
  const warning = `model_info.team_id names a team that no key of option 'auth' has: ${models}.`
  expect(router.registry.status().warnings).toEqual([warning, ...before])
})
