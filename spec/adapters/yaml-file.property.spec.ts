import fc from 'fast-check'
import type { ModelDraft, Write } from '../../lib/adapters/adapter'
import { contentOf, modelFile, modelOf } from '../../lib/adapters/yaml-file-models'
import { applyWrites } from '../../lib/adapters/yaml-file-writes'
import { configs, drafts } from '../support/yaml-documents'
import type { WrittenConfig } from '../support/yaml-documents'

const read = (text: string) => modelFile(text, 'config.yaml', () => undefined)

function write(text: string, ...writes: readonly Write[]): string {
  const { next, result } = applyWrites(read(text), writes, 'config.yaml', () => undefined)
  expect(result).toMatchObject({ ok: true })
  return next.text
}

const whole = ({ head, entries, tail }: WrittenConfig) => head + entries.join('') + tail
const contents = (text: string) => read(text).entries.map(({ content }) => content)

/** Of the config and the number of one of its entries. */
const chosen = configs.chain((config) =>
  fc.tuple(fc.constant(config), fc.nat(config.entries.length - 1), drafts('new')),
)

test('a new model comes behind the others, and every byte before and after stays', () => {
  fc.assert(
    fc.property(configs, drafts('new'), (config, draft) => {
      const text = whole(config)
      const next = write(text, { kind: 'create', draft })
      expect(contents(next)).toEqual([...contents(text), contentOf(draft)])
      expect(next.startsWith((config.head + config.entries.join('')).trimEnd())).toBe(true)
      expect(next.endsWith(config.tail)).toBe(true)
      // And it goes as it came.
      if (text.endsWith('\n')) expect(write(next, { kind: 'delete', id: 'new' })).toBe(text)
    }),
    { numRuns: 80 },
  )
})

test('a model that is deleted leaves the lines of the others, and the comments above it', () => {
  fc.assert(
    fc.property(chosen, ([config, index]) => {
      const text = whole(config)
      const { id } = modelOf(read(text).entries[index]!)
      const next = write(text, { kind: 'delete', id })
      expect(contents(next)).toEqual(contents(text).toSpliced(index, 1))
      if (config.entries.length === 1) return
      const before = config.head + config.entries.slice(0, index).join('')
      const after = config.entries.slice(index + 1).join('') + config.tail
      expect(next.startsWith(before.trimEnd())).toBe(true)
      expect(next.endsWith(after)).toBe(true)
      expect(next.length).toBeLessThan(text.length)
    }),
    { numRuns: 80 },
  )
})

test('a model that is updated leaves every byte of the others', () => {
  fc.assert(
    fc.property(chosen, ([config, index, draft]) => {
      const text = whole(config)
      const { id } = modelOf(read(text).entries[index]!)
      const updated = { ...draft, id }
      const next = write(text, { kind: 'update', draft: updated })
      expect(contents(next)).toEqual(contents(text).with(index, contentOf(updated)))
      const before = config.head + config.entries.slice(0, index).join('')
      const after = config.entries.slice(index + 1).join('') + config.tail
      expect(next.startsWith(before)).toBe(true)
      expect(next.endsWith(after)).toBe(true)
    }),
    { numRuns: 120 },
  )
})

test('one field that changes changes one line, and the audit fields theirs', () => {
  fc.assert(
    fc.property(chosen, ([config, index]) => {
      const text = whole(config)
      const { revision: _, ...model } = modelOf(read(text).entries[index]!)
      const deployment = model.deployment as ModelDraft['deployment']
      const changed = { ...deployment, litellm_params: { ...deployment.litellm_params, model: 'other' } }
      const draft = { ...model, deployment: changed, updatedAt: 'now', updatedBy: 'me' }
      const next = write(text, { kind: 'update', draft })
      const before = config.head + config.entries.slice(0, index).join('')
      const after = config.entries.slice(index + 1).join('') + config.tail
      const now = next.slice(before.length, next.length - after.length).split(/\r?\n/)
      const lost = config.entries[index]!.split(/\r?\n/).filter((line) => line !== '' && !now.includes(line))
      expect(lost).toHaveLength(1)
      expect(lost[0]).toMatch(/^ *model: openai|^ *- +\{/)
    }),
    { numRuns: 80 },
  )
})
