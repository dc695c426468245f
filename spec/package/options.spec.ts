import { read } from '../support/sources'

it('the README tells of every option of the router, and of no other', () => {
  const [, options = ''] = /interface RouterOptions \{([^]*?)\n\}/.exec(read('lib/options.ts')) ?? []
  const declared = Array.from(options.matchAll(/readonly (\w+)\?:/g), ([, name]) => name)
  const [, section = ''] = /\n## Options\n([^]*?)\n## /.exec(read('README.md')) ?? []
  const told = Array.from(section.matchAll(/^\| `(\w+)`/gm), ([, name]) => name)
  expect(new Set(told)).toEqual(new Set(declared))
  expect(told).toHaveLength(declared.length)
})
