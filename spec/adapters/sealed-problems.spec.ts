import { draft } from '../support/draft'
import { one, over, problemOf, rawOf, sealedAs, textOf, two } from '../support/sealed'

describe('a model that cannot be opened is handed over as the error that says why', () => {
  test('sealed with a key that is not there: its id and those of the others are named', async () => {
    const store = over()
    await store.with(one).create(draft('one'))
    const adapter = store.with(two)
    expect(await problemOf(adapter, 'one')).toBe(
      "It was sealed with key 'k1', which is not among the keys (k2). Add that key at the end of 'keys' of sealed(), or delete the model and create it again.",
    )
    expect(await adapter.list()).toEqual([await adapter.get('one')])
  })

  test('sealed with another secret of the same id', async () => {
    const store = over()
    await store.with(one).create(draft('one'))
    expect(await problemOf(store.with({ ...one, secret: two.secret }), 'one')).toContain('another secret')
  })

  test('the text of another model', async () => {
    const { raw, with: keyed } = over()
    const adapter = keyed(one)
    for (const id of ['one', 'other']) await adapter.create(draft(id))
    const [mine, others] = [await rawOf(raw, 'one'), await rawOf(raw, 'other')]
    await raw.update({ ...mine, deployment: others.deployment })
    await raw.update({ ...others, deployment: mine.deployment })
    expect(await problemOf(adapter, 'one')).toContain('moved here from another model')
    expect(await problemOf(adapter, 'other')).toContain('moved here from another model')
  })

  test.each([
    ['the nonce', 0],
    ['the ciphertext', 20],
    ['the tag', -3],
  ])('one letter of %s is another', async (_part, at) => {
    const { raw, with: keyed } = over()
    await keyed(one).create(draft('one'))
    const stored = await rawOf(raw, 'one')
    const letters = textOf(stored).split('')
    const place = at < 0 ? letters.length + at : 'sealed:v1:k1:'.length + at
    letters[place] = letters[place] === 'A' ? 'B' : 'A'
    await raw.update({ ...stored, deployment: sealedAs(letters.join('')) })
    expect(await problemOf(keyed(one), 'one')).toContain('the text was changed')
  })

  test.each([
    ['the text is cut off', 'sealed:v1:k1:AAAA', 'does not open'],
    ['the text has no body', 'sealed:v1:k1:', 'damaged'],
    ['the text is of a later version', 'sealed:v2:k1:AAAA', 'a newer version'],
  ])('%s', async (_what, text, told) => {
    const { raw, with: keyed } = over()
    await raw.create(draft('one', { deployment: sealedAs(text) }))
    expect(await problemOf(keyed(one), 'one')).toContain(told)
  })

  test('the key id of the text was changed to that of a key with the same secret', async () => {
    const { raw, with: keyed } = over()
    const adapter = keyed(one, { ...one, id: 'k9' })
    await adapter.create(draft('one'))
    const stored = await rawOf(raw, 'one')
    const moved = textOf(stored).replace('k1', 'k9')
    await raw.update({ ...stored, deployment: sealedAs(moved) })
    expect(await problemOf(adapter, 'one')).toContain("with key 'k9'")
  })

  test('something was written beside the text', async () => {
    const { raw, with: keyed } = over()
    const adapter = keyed(one)
    await adapter.create(draft('one'))
    const stored = await rawOf(raw, 'one')
    await raw.update({ ...stored, deployment: { ...stored.deployment, model_name: 'cheap' } })
    expect(await problemOf(adapter, 'one')).toContain('edited in storage')
  })

  test('can be replaced and deleted', async () => {
    const store = over()
    for (const id of ['one', 'other']) await store.with(one).create(draft(id))
    const adapter = store.with(two)
    expect(await adapter.update(draft('one'))).toMatchObject({ ok: true })
    expect(await adapter.get('one')).toMatchObject(draft('one'))
    expect(await adapter.delete('other')).toMatchObject({ ok: true, model: { id: 'other' } })
  })
})

describe('I9 init', () => {
  test('rejects when nothing opens, names the keys and the way out, and works once the key is there', async () => {
    const store = over()
    await store.with(one).create(draft('one'))
    await store.raw.create(draft('plain'))
    const opening = store.with(two).init()
    await expect(opening).rejects.toMatchObject({
      code: 'key_ring',
      message:
        "No sealed model of 'memory' opens (there are 1). Sealed with key: k1. Keys given: k2. Add the missing key at the end of 'keys' of sealed(), with the secret it had. If that is lost, so are the models: remove them from the storage and create them again.",
    })
    await store.with(two, one).init()
  })

  test('rejects when the key has another secret', async () => {
    const store = over()
    await store.with(one).create(draft('one'))
    const wrong = store.with({ ...one, secret: two.secret })
    await expect(wrong.init()).rejects.toMatchObject({ code: 'key_ring' })
  })

  test('resolves when one model opens, or there are plain ones only, or none', async () => {
    const store = over()
    await store.with(one).init()
    await store.raw.create(draft('plain'))
    await store.with(two).init()
    await store.with(one).create(draft('one'))
    await store.with(two).create(draft('two'))
    await store.with(two).init()
  })
})
