import { schemas } from '../../lib/schema/schemas'
import type { SchemaName } from '../../lib/schema/schemas'
import { validator } from '../../lib/schema/validator'

const names = Object.keys(schemas) as SchemaName[]

describe.each(names)('schemas/%s.json', (name) => {
  const { $id: id, examples } = schemas[name]

  it('is named after its file and says what it is', () => {
    expect(id).toBe(`${name}.json`)
    expect(schemas[name]).toMatchObject({ title: expect.any(String), description: expect.any(String) })
  })

  it('holds for its own examples', () => {
    expect(examples).not.toHaveLength(0)
    for (const example of examples as unknown[]) expect(validator(name)(example)).toMatchObject({ ok: true })
  })
})
