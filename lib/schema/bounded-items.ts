import type { CodeKeywordDefinition } from 'ajv/dist/2020'

/**
 * `items` for a compiler with `allErrors`, which otherwise reports every item of a list of any length: after so many errors the
 * rest of the list is left unread. The properties beside the list are still all read.
 */
export function boundedItems(mostErrors: number): CodeKeywordDefinition {
  const { _, Name } = require('ajv/dist/2020') as typeof import('ajv/dist/2020')
  const { Type } = require('ajv/dist/compile/util') as typeof import('ajv/dist/compile/util')
  const errors = new Name('errors')
  return {
    keyword: 'items',
    type: 'array',
    schemaType: ['object', 'boolean'],
    code(context) {
      const { gen, data, keyword } = context
      const valid = gen.name('valid')
      const areValid = gen.let('valid', true)
      gen.forRange('i', 0, gen.const('len', _`${data}.length`), (index) => {
        context.subschema({ keyword, dataProp: index, dataPropType: Type.Num }, valid)
        gen.if(_`!${valid}`, () => {
          gen.assign(areValid, false)
          gen.if(_`${errors} >= ${mostErrors}`, () => gen.break())
        })
      })
      context.ok(areValid)
    },
  }
}
