import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keysFrom } from '../../examples/gateway/keys'
import { temporaryFolder } from '../support/temporary'

const folder = temporaryFolder()
let files = 0

function fileWith(text: string): string {
  const file = join(folder, `keys-${(files += 1)}.yaml`)
  writeFileSync(file, text)
  return file
}

function messageOf(file: string): string {
  try {
    keysFrom(file)
    return 'it is taken'
  } catch (error) {
    return (error as Error).message
  }
}

const list = 'it has to be a list: - { key: sk-…, userId: ann, role: internal_user, models: [gpt-4] }'
const known = "known are key, userId, role, models, teams, each with ': ' after it"
const unread = (line: number, column: number, reason = 'it cannot be parsed'): string =>
  `it is neither YAML nor JSON at line ${line}, column ${column}: ${reason}`

describe('KEYS_FILE', () => {
  test.each([
    ['- { key:sk-canary, userId: a, role: team }', `entry 1: its member 1 means nothing; ${known}`],
    ['- { key: k, userId: a, role: team, sk-canary }', `entry 1: its member 4 means nothing; ${known}`],
    ['[{"sk-canary": "a"}]', `entry 1: its member 1 means nothing; ${known}`],
    ['- { key: *sk-canary, userId: a }', unread(1, 11)],
    ['- &sk-canary x\n- *sk-canary-2', unread(2, 4)],
    ['- { key: !sk-canary x, userId: a }', unread(1, 10)],
    ['- !!sk-canary x', unread(1, 3)],
    ['- !<sk-canary> x', unread(1, 3)],
    ['%TAG !sk-canary! x\n---\n- !sk-canary!y z', unread(3, 3)],
    ['%sk-canary x\n---\n- y', 'entry 1 has to be an object with key, userId, role, models, teams'],
    ['[{"key": "sk-canary", userId', unread(2, 1, 'unexpected end of the stream within a flow collection')],
    ['- key: sk-canary\n   userId: a', unread(2, 10, 'bad indentation of a mapping entry')],
    ['- { key: sk-canary, key: sk-canary }', unread(1, 21, 'duplicated mapping key')],
    ['"sk-canary', unread(2, 1, 'unexpected end of the stream within a double quoted scalar')],
    [
      '- { key: sk-1234, userId: a, role: team }',
      'entry 1 has the development key, which everybody knows: give it another',
    ],
    ['sk-canary', list],
    ['sk-canary: x', list],
    ['- sk-canary', 'entry 1 has to be an object with key, userId, role, models, teams'],
    [
      '- { key: k, userId: a, role: team, teams: [sk-canary] }',
      'entry 1, team 1 has to be an object with id, admin, models',
    ],
    [
      '- { key: k, userId: a, role: team, teams: sk-canary }',
      "entry 1: 'teams' has to be a list of { id, admin?, models? }",
    ],
    [
      '- { key: k, userId: a, role: team, models: sk-canary }',
      "entry 1: 'models' has to be a list of model names",
    ],
    [
      '- { key: k, userId: a, role: sk-canary }',
      "entry 1: 'role' has to be one of proxy_admin, proxy_admin_viewer, org_admin, internal_user, internal_user_viewer, team, customer",
    ],
  ])('%j is told without a word of it', (text, problem) => {
    const file = fileWith(`${text}\n`)
    expect(messageOf(file)).toBe(`KEYS_FILE ${file}: ${problem}.`)
  })

  test.each([
    ['{"key":"sk-canary"}'],
    ['- { key: sk-canary, userId: a, role: team }'],
    ['- key: canary\n  userId: a'],
  ])('the keys themselves in its place: %j', (value) => {
    const advice = 'there is no such file; correct KEYS_FILE, or unset it to have the master key only.'
    expect(messageOf(join(folder, value))).toBe(`KEYS_FILE, which has to be a path: ${advice}`)
  })

  test('a folder in its place', () => {
    const advice = 'it is a folder; correct KEYS_FILE, or unset it to have the master key only.'
    expect(messageOf(folder)).toBe(`KEYS_FILE ${folder}: ${advice}`)
  })

  test('good ones are taken, as YAML and as JSON', () => {
    const entry = { key: 'sk-a', userId: 'a', role: 'team', teams: [{ id: 't', admin: true, models: ['m'] }] }
    expect(keysFrom(fileWith(JSON.stringify([entry])))).toEqual([entry])
    expect(
      keysFrom(
        fileWith('- { key: sk-a, userId: a, role: team, teams: [{ id: t, admin: true, models: [m] }] }'),
      ),
    ).toEqual([entry])
  })
})
