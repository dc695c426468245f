import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startApp } from '../support/app'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()

describe('a hostile config file keeps the router from starting', () => {
  const start =
    (file: string): (() => unknown) =>
    () =>
      startApp({ config: join(folder, file) })
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text)

  test.each([
    ['an alias inside its anchor', 'model_list: &a [*a]', /stands inside its own anchor/],
    ['an include loop', 'include: [hostile.yaml]\nmodel_list: []', /include loop/],
    ['a path out of the folder', 'include: [../../etc/hostname]', /not found|outside/],
    ['an absolute path', 'include: [/etc/hostname]', /outside/],
    ['a language’s own object', 'model_list: !!python/object/apply:os.system [id]', /tag/],
  ])('%s', (_what, text, message) => {
    write('hostile.yaml', text)
    expect(start('hostile.yaml')).toThrow(message)
  })

  test('a billion laughs', () => {
    const levels = Array.from({ length: 30 }, (_, at) =>
      at === 0 ? 'l0: &l0 [lol]' : `l${at}: &l${at} [${`*l${at - 1},`.repeat(10)}]`,
    )
    write('laughs.yaml', `${levels.join('\n')}\nmodel_list: []`)
    expect(start('laughs.yaml')).toThrow(/aliases stand for more than/)
  })

  test('two files that include each other', () => {
    write('one.yaml', 'include: [two.yaml]')
    write('two.yaml', 'include: [one.yaml]')
    expect(start('one.yaml')).toThrow('include loop: one.yaml → two.yaml → one.yaml')
  })

  test('a link that leaves the folder', () => {
    mkdirSync(join(folder, 'inside'))
    write('secret.yaml', 'model_list: []')
    symlinkSync(join(folder, 'secret.yaml'), join(folder, 'inside', 'link.yaml'))
    write('inside/main.yaml', 'include: [link.yaml]\nmodel_list: []')
    expect(start('inside/main.yaml')).toThrow(/outside the config file's folder/)
  })
})
