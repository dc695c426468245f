import { ModelManagementError } from '../../lib/errors'
import { faultOf } from '../../lib/registry/fault'

const named = (name: unknown): Error => Object.assign(new Error('hunter22'), { name })
const coded = (code: unknown): Error => Object.assign(new Error('hunter22'), { code })

describe('a fault', () => {
  it.each<[string, unknown, string]>([
    ['a code of SQL', coded('57P01'), '57P01'],
    ['a code of words', coded('SQLITE_BUSY'), 'SQLITE_BUSY'],
    ['a code of many words', coded('ERR_A_B_C_D_E_F'), 'ERR_A_B_C_D_E_F'],
    ['a code of the system', coded('ECONNRESET'), 'ECONNRESET'],
    ['the code of the name server', coded('ENOTFOUND'), 'ENOTFOUND'],
    ['the name of an error of any library', named('MongoNetworkError'), 'MongoNetworkError'],
    ['the name of an exception', named('ThrottlingException'), 'ThrottlingException'],
    ['the plain name', new Error('hunter22'), 'Error'],
    ['the name where the code is a number', coded(42), 'Error'],
    ['the name where the code is too short for SQL', coded('57P0'), 'Error'],
    ['the name where the code is too long for SQL', coded('57P012'), 'Error'],
    ['the name where the code only ends like one', coded('hunter 57P01'), 'Error'],
    ['the name where the code only begins like one', coded('57P01 hunter'), 'Error'],
    ['the name where the code is one word', coded('HUNTERXX'), 'Error'],
    ['the name where the code is in small letters', coded('sqlite_busy'), 'Error'],
    ['the name where words of the code are too long', coded(`A_${'B'.repeat(17)}`), 'Error'],
    ['the name where the code only ends in words', coded('x SQLITE_BUSY'), 'Error'],
    ['the name where the code only begins with words', coded('SQLITE_BUSY x'), 'Error'],
    ['nothing where the name only begins like one', named('Error: hunter22'), 'unknown'],
    ['nothing where the name only ends like one', named('hunter22Error'), 'unknown'],
    ['nothing where the name is too long', named(`${'x'.repeat(33)}Error`), 'unknown'],
    ['nothing where the name is no text', named(5), 'unknown'],
    ['nothing of a text', 'hunter22', 'unknown'],
    ['nothing of undefined', undefined, 'unknown'],
  ])('tells %s', (_what, error, code) => {
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(faultOf(error)).toEqual({ at, code, message: `storage failed with ${code}` })
  })

  it('tells all of an error of our own', () => {
    const { code, message } = faultOf(new ModelManagementError('key_ring', 'The key is gone.'))
    expect([code, message]).toEqual(['key_ring', 'The key is gone.'])
  })
})
