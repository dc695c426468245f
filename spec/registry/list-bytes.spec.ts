import { createRowJsonStore } from '../../lib/model-info/row-json'
import { createCopiedList, createSharedList, jsonOf, sizeOf } from '../../lib/registry/list-bytes'
import type { ListBuilder, ReadyBytes } from '../../lib/registry/list-bytes'
import { createTimeSlices } from '../../lib/time-slices'

const textOf = ({ parts }: ReadyBytes): string => Buffer.concat(parts).toString()
const text = (row: { readonly at: number }): [string] => [JSON.stringify({ ...row, note: 'é'.repeat(500) })]

/** Rows of which each third was built by itself, after its neighbours. */
async function scattered(count: number) {
  const rows = Array.from({ length: count }, (_, at) => ({ at }))
  const store = createRowJsonStore(text)
  const most = rows.filter(({ at }) => at % 3 !== 0)
  await store.prepare(most, most, createTimeSlices())
  return rows.map((row) => ({ row, json: store.get(row) }))
}

function filled(list: ListBuilder, rows: Awaited<ReturnType<typeof scattered>>, tail?: string): ReadyBytes {
  for (const { json } of rows) list.add(json)
  return list.end(tail)
}

it.each([0, 1, 2, 3, 1000])('lists of %i rows hold the same, copied or shared', async (count) => {
  const rows = await scattered(count)
  const expected = `{"data":[${rows.map(({ row }) => text(row)[0]).join(',')}]}`
  const [copied, shared] = [filled(createCopiedList(), rows), filled(createSharedList(), rows)]
  expect([textOf(copied), textOf(shared)]).toEqual([expected, expected])
  expect([copied.etag === shared.etag, sizeOf(copied)]).toEqual([true, Buffer.byteLength(expected)])
})

it('what ends a list is part of it and of its validator', async () => {
  const rows = await scattered(2)
  const [one, other] = [']}', '],"object":"list"}'].map((tail) => filled(createCopiedList(), rows, tail))
  expect(JSON.parse(textOf(other!))).toMatchObject({ data: [{ at: 0 }, { at: 1 }], object: 'list' })
  expect(one!.etag === other!.etag).toBe(false)
})

it('what stands in a gap is part of a list and of its validator', () => {
  const gap = { ...jsonOf({ a: 1, b: 2 }), gap: 7 }
  const lists = ['"c":3,', '"c":4,'].map((access) => {
    const list = createCopiedList()
    list.add(gap, access)
    return list.end()
  })
  expect(lists.map(textOf)).toEqual(['{"data":[{"a":1,"c":3,"b":2}]}', '{"data":[{"a":1,"c":4,"b":2}]}'])
  expect(lists[0]!.etag === lists[1]!.etag).toBe(false)
})

it('a copied list holds nothing but its own bytes, in parts of moderate size', async () => {
  const { parts } = filled(createCopiedList(), await scattered(1000))
  expect(parts.length).toBeGreaterThan(2)
  expect(parts.every(({ buffer, length }) => buffer.byteLength === length && length < 300_000)).toBe(true)
})
