import { memoryAdapter } from '../../lib/adapters/memory'
import type { RouterOptions } from '../../lib/options'
import { makeApp, masterKey } from '../support/app'
import { draft } from '../support/draft'

const keys = [
  { key: 'sk-team', userId: 'ann', role: 'internal_user', teams: [{ id: 'a', admin: true }] },
] as const
const secret = 'hunter2-0123456789'
const wrong = 'hunter2-9876543210'

interface Patch {
  readonly parts: object
  readonly sent: object
}

/** How each patch is answered, and whether its model was written, as the answer and its ETag tell. */
async function outcomes(
  patches: readonly Patch[],
  key: string,
  options: RouterOptions = {},
): Promise<readonly object[]> {
  const adapter = memoryAdapter()
  for (const [at, { parts }] of patches.entries()) {
    const info = {
      team_id: 'a',
      team_public_model_name: 'm',
      ...(parts as { model_info?: object }).model_info,
    }
    const deployment = { model_name: 'm', litellm_params: { model: 'openai/x' }, ...parts, model_info: info }
    await adapter.create(draft(`id-${at}`, { deployment }))
  }
  const { send } = await makeApp({ adapter, auth: { masterKey, keys }, ...options })
  const told: object[] = []
  for (const [at, { sent }] of patches.entries()) {
    const before = await adapter.get(`id-${at}`)
    const { status, body, text, headers } = await send('patch', `/model/id-${at}/update`, sent, key)
    const after = await adapter.get(`id-${at}`)
    const isWritten = after?.updatedAt !== before?.updatedAt
    if (status === 200)
      expect([body.updated_at, after?.revision !== before?.revision]).toEqual([after?.updatedAt, isWritten])
    expect(status === 200).toBe(headers['etag'] !== undefined)
    told.push({ status, text: status === 200 ? '' : text, isWritten })
  }
  return told
}

const places: Readonly<Record<string, (value: string) => object>> = {
  key: (api_key) => ({ api_key }),
  inner: (pin) => ({ extra_body: { pin } }),
  header: (value) => ({ extra_headers: { 'x-api-key': value, 'x-other': 'os.environ/OTHER' } }),
  password: (value) => ({ api_base: `https://svc:${value}@good.example/v1` }),
  query: (value) => ({ api_base: `https://good.example/v1?api_key=${value}` }),
  json: (value) => ({
    vertex_credentials: JSON.stringify({ private_key: value, token_uri: 'http://10.0.0.1/' }),
  }),
  list: (value) => ({ pool: [{ name: 'a', api_key: value }] }),
  pair: (value) => ({ pair: { name: 'api_key', value } }),
  name: (value) => ({ map: { [`sk-${value}`]: 'x' } }),
}

/** Each patch guesses once right and once wrong. */
function guesses(patch: (place: (value: string) => object, value: string) => Patch): readonly Patch[] {
  return Object.values(places).flatMap((place) => [patch(place, secret), patch(place, wrong)])
}

const held = (place: (value: string) => object): object => ({
  litellm_params: { model: 'openai/x', ...place(secret) },
})

function pairs(told: readonly object[]): readonly (readonly [object | undefined, object | undefined])[] {
  return told.flatMap((one, at) => (at % 2 === 0 ? [[one, told[at + 1]] as const] : []))
}

describe.each<[string, RouterOptions]>([
  ['by default', {}],
  ["with secrets: 'reference-only'", { secrets: 'reference-only' }],
  ['with a URL policy', { urlPolicy: ({ hostname }) => hostname !== '10.0.0.1' || 'closed' }],
])('a guess at a secret is answered alike whether it is right, %s', (_how, options) => {
  test.each(['sk-team', masterKey])('to %s', async (key) => {
    const told = await outcomes(
      [
        ...guesses((place, value) => ({ parts: held(place), sent: { litellm_params: place(value) } })),
        ...guesses((place, value) => ({
          parts: held(place),
          sent: { litellm_params: { base_url: 'https://other.example', ...place(value) } },
        })),
        ...[secret, wrong].map((value) => ({
          parts: { model_info: { password: secret }, api_key: secret },
          sent: { model_info: { password: value }, api_key: value },
        })),
        // Beside a mask that would be shown from then on.
        ...[secret, wrong].map((value) => ({
          parts: held(places['pair']!),
          sent: { litellm_params: { pair: { name: 'colour', value: '********' } }, note: value },
        })),
        ...['A', 'B'].map((name) => ({
          parts: { litellm_params: { model: 'openai/x', api_key: 'os.environ/A' } },
          sent: { litellm_params: { api_key: `os.environ/${name}` }, model_info: { rank: 1 } },
        })),
      ],
      key,
      options,
    )
    expect(pairs(told).filter(([right, other]) => JSON.stringify(right) !== JSON.stringify(other))).toEqual(
      [],
    )
  })
})

test.each<RouterOptions>([{}, { secrets: 'reference-only' }])(
  'what readers are shown comes back and writes nothing: %j',
  async (options) => {
    const parts = { litellm_params: { model: 'openai/x', ...places['password']!(secret), api_key: secret } }
    const sent = {
      litellm_params: { model: 'openai/x', api_base: 'https://good.example/v1', api_key: '********' },
    }
    expect(await outcomes([{ parts, sent }], 'sk-team', options)).toEqual([
      { status: 200, text: '', isWritten: false },
    ])
  },
)
