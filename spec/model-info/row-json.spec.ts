import { createRowJsonStore } from '../../lib/model-info/row-json'
import type { RowText } from '../../lib/model-info/row-json'
import { createTimeSlices } from '../../lib/time-slices'

interface Row {
  readonly text: string
  readonly behind?: string
}

function storeOf() {
  let made = 0
  const store = createRowJsonStore(({ text, behind }: Row): RowText => {
    made++
    return behind === undefined ? [text] : [text, behind]
  })
  return { store, made: () => made }
}

const slices = createTimeSlices()
const rowsOf = (count: number, size: number): readonly Row[] =>
  Array.from({ length: count }, (_, at) => ({ text: String(at).padEnd(size, 'é') }))

it('builds each row once', async () => {
  const { store, made } = storeOf()
  const rows = rowsOf(3, 10)
  await Promise.all([store.prepare(rows, rows, slices), store.prepare(rows, rows, slices)])
  expect(rows.map((row) => store.get(row).bytes.toString())).toEqual(rows.map(({ text }) => text))
  expect(made()).toBe(3)
})

it('knows where the gap is, in bytes', () => {
  const { store } = storeOf()
  const { bytes, gap } = store.get({ text: '{"é":1,', behind: '"b":2}' })
  expect([bytes.subarray(0, gap).toString(), bytes.subarray(gap).toString()]).toEqual(['{"é":1,', '"b":2}'])
  expect(store.get({ text: '{}' }).gap).toBeUndefined()
})

it('gives equal rows equal digests', () => {
  const [one, other] = [storeOf().store, storeOf().store]
  expect(one.get({ text: 'a' }).digest).toBe(other.get({ text: 'a' }).digest)
  expect(one.get({ text: 'a' }).digest).not.toBe(other.get({ text: 'b' }).digest)
})

it('puts rows side by side, with commas between them, and never into one buffer for all', async () => {
  const { store } = storeOf()
  const rows = rowsOf(300, 2000)
  await store.prepare(rows, rows, slices)
  const bytes = rows.map((row) => store.get(row).bytes)
  const buffers = new Set(bytes.map(({ buffer }) => buffer))
  expect(buffers.size).toBeGreaterThan(2)
  expect(Math.max(...[...buffers].map(({ byteLength }) => byteLength))).toBeLessThan(300_000)
  const [first, second] = bytes
  const both = Buffer.from(first!.buffer, first!.byteOffset, first!.length + 1 + second!.length)
  expect(both.toString()).toBe(`${rows[0]!.text},${rows[1]!.text}`)
})

it('a row that is built alone holds nothing but its own bytes', () => {
  const { store } = storeOf()
  const { bytes } = store.get({ text: '{}' })
  expect(bytes.buffer.byteLength).toBe(3)
})

it('moves rows that changed one by one to their neighbours', async () => {
  const { store, made } = storeOf()
  let rows = rowsOf(200, 4000)
  await store.prepare(rows, rows, slices)
  for (let at = 0; at < 200; at++) {
    rows = rows.with(at, { text: `${at} changed`.padEnd(4000, 'é') })
    await store.prepare(rows, rows, slices)
  }
  const bytes = rows.map((row) => store.get(row).bytes)
  expect(made()).toBe(400)
  expect(bytes.map(String)).toEqual(rows.map(({ text }) => text))
  expect(new Set(bytes.map(({ buffer }) => buffer)).size).toBeLessThan(100)
})
