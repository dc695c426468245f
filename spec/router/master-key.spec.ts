import { makeApp, startApp } from '../support/app'
import type { TestApp } from '../support/app'
import { configFiles } from '../support/config'

const files = configFiles()
const withSettings = (settings: unknown): object => ({ model_list: [], general_settings: settings })
const outside = { LITELLM_MASTER_KEY: 'sk-outside' }

async function over(settings: unknown, options: object = {}) {
  const config = files.write(withSettings(settings))
  const made = await makeApp({ auth: undefined, env: outside, config, configWatchMs: 600_000, ...options })
  return {
    ...made,
    async becomes(next: unknown): Promise<void> {
      files.rewrite(config, withSettings(next))
      await made.router.registry.reload()
    },
    warnings: () => made.log.filter(({ level }) => level === 'warn').map(({ message }) => message),
  }
}

const statuses = async ({ get }: TestApp, ...keys: string[]): Promise<number[]> =>
  Promise.all(keys.map(async (key) => (await get('/model/info', key)).status))

const kept = 'The last good master key stays in use until the file has another one, or this process ends.'

describe('a master key in the config file', () => {
  it.each([
    ['loses it', {}, 'general_settings.master_key of the config file is gone.'],
    ['loses all settings', null, 'general_settings.master_key of the config file is gone.'],
    ['has null', { master_key: null }, 'general_settings.master_key of the config file is gone.'],
    ['has an empty one', { master_key: ' ' }, 'general_settings.master_key of the config file is empty.'],
    [
      'has a number',
      { master_key: 123456789012 },
      'general_settings.master_key of the config file is not a text: put it in quotes.',
    ],
    [
      'refers to a variable that is not set',
      { master_key: 'os.environ/NOT_SET' },
      'general_settings.master_key of the config file refers to variable NOT_SET, which is not set.',
    ],
    [
      'has the key where a variable belongs',
      { master_key: 'os.environ/sk-canary-key' },
      'general_settings.master_key of the config file refers to a variable, which is not set.',
    ],
  ])('stays in use when the file %s, and that is told once', async (_, next, why) => {
    const app = await over({ master_key: 'sk-file' })
    expect(await statuses(app, 'sk-file', 'sk-outside')).toEqual([200, 401])
    await app.becomes(next)
    await app.router.registry.reload()
    expect(await statuses(app, 'sk-file', 'sk-outside')).toEqual([200, 401])
    expect(app.warnings()).toEqual([`${why} ${kept}`])
    expect(JSON.stringify(app.log)).not.toMatch(/sk-file|sk-canary/)
    await app.becomes({ master_key: 'sk-next' })
    expect(await statuses(app, 'sk-file', 'sk-next', 'sk-outside')).toEqual([401, 200, 401])
    expect(app.warnings()).toHaveLength(1)
  })

  it('comes before the variable from when it is there, and the variable does not come back', async () => {
    const app = await over({})
    expect(await statuses(app, 'sk-outside')).toEqual([200])
    await app.becomes({ master_key: 'sk-file' })
    expect(await statuses(app, 'sk-file', 'sk-outside')).toEqual([200, 401])
    await app.becomes({})
    expect(await statuses(app, 'sk-file', 'sk-outside')).toEqual([200, 401])
  })

  it('that cannot be used leaves the variable in use which was there before', async () => {
    const app = await over({})
    await app.becomes({ master_key: 'os.environ/NOT_SET' })
    expect(await statuses(app, 'sk-outside')).toEqual([200])
    expect(app.warnings()).toEqual([
      `general_settings.master_key of the config file refers to variable NOT_SET, which is not set. ${kept}`,
    ])
  })

  it.each([[{ master_key: 'os.environ/NOT_SET' }], [{ master_key: 12345 }], [{ master_key: '' }]])(
    'that cannot be used keeps the router from starting, whatever the variable says: %j',
    (settings) => {
      const config = files.write(withSettings(settings))
      expect(() => startApp({ auth: undefined, env: outside, config })).toThrow(
        expect.objectContaining({
          code: 'invalid_config',
          message: expect.stringMatching(
            /general_settings\.master_key .*Correct it, or give option 'auth'\.$/,
          ),
        }),
      )
    },
  )

  it.each([
    ['other keys', { auth: { keys: [{ key: 'sk-ops', userId: 'ops', role: 'proxy_admin' }] } }, 401],
    ['leave to go without', { allowUnauthenticated: true }, 200],
  ])('that cannot be used is told where the router starts with %s', async (_, options, status) => {
    const app = await over({ master_key: 'os.environ/NOT_SET' }, options)
    expect(await statuses(app, 'sk-outside')).toEqual([status])
    expect(app.warnings()).toEqual([
      'general_settings.master_key of the config file refers to variable NOT_SET, which is not set. There is no master key until that is corrected.',
    ])
    await app.becomes({ master_key: 'sk-file' })
    expect(await statuses(app, 'sk-file', 'sk-outside')).toEqual([200, 401])
  })

  it('that is gone leaves nobody in who had to have it, also where the host may go without', async () => {
    const app = await over({ master_key: 'sk-file' }, { env: {}, allowUnauthenticated: true })
    await app.becomes({})
    expect(await statuses(app, 'sk-file', 'sk-other')).toEqual([200, 401])
  })

  it('says nothing where the option has one', async () => {
    const app = await over({ master_key: 'sk-file' }, { auth: { masterKey: 'sk-option' } })
    await app.becomes({})
    expect(await statuses(app, 'sk-option', 'sk-file', 'sk-outside')).toEqual([200, 401, 401])
    expect(app.warnings()).toEqual([])
  })
})

it('LITELLM_MASTER_KEY that is taken away stays in use', async () => {
  const env: Record<string, string | undefined> = { ...outside }
  const app = await makeApp({ auth: undefined, env, allowUnauthenticated: true })
  expect(await statuses(app, 'sk-outside', 'sk-other')).toEqual([200, 401])
  delete env['LITELLM_MASTER_KEY']
  expect(await statuses(app, 'sk-outside', 'sk-other')).toEqual([200, 401])
})
