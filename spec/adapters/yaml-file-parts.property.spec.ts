import fc from 'fast-check'
import type { Write } from '../../lib/adapters/adapter'
import { modelFile, modelOf, parsedFile } from '../../lib/adapters/yaml-file-models'
import type { ModelFile } from '../../lib/adapters/yaml-file-models'
import { applyWrites } from '../../lib/adapters/yaml-file-writes'
import { configs, drafts } from '../support/yaml-documents'

const none = (): undefined => undefined
const inParts = (text: string) => modelFile(text, 'config.yaml', none)
const asWhole = (text: string) => parsedFile(text, 'config.yaml', none)

function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

function shown(read: () => ModelFile): unknown {
  return outcome(() => {
    const { entries, hasList, rest } = read()
    return { entries: entries.map(modelOf), hasList, rest }
  })
}

const written = configs.map(({ head, entries, tail }) => head + entries.join('') + tail)
/** As it is after a hand has slipped. */
const slips = fc.constantFrom(
  '&a ',
  '*a ',
  '- ',
  '  - ',
  '\n',
  '\n- ',
  '"',
  "'",
  '|\n',
  '|+\n\n\n',
  '>2\n',
  '#',
  '---\n',
  '...\n',
  '%TAG ! x\n',
  '\t',
  '\r',
  ': ',
  '<<: *x\n',
  'model_list:\n',
  '[',
  '}',
  ' ',
  '!!str ',
)
const slipped = fc
  .tuple(written, fc.array(fc.tuple(fc.nat(), slips, fc.nat(3)), { maxLength: 2 }))
  .map(([text, edits]) =>
    edits.reduce((before, [place, slip, cut]) => {
      const at = place % (before.length + 1)
      return before.slice(0, at) + slip + before.slice(at + cut)
    }, text),
  )
test('a file reads the same entry by entry as it does as a whole', () => {
  fc.assert(
    fc.property(slipped, (text) => {
      expect(shown(() => inParts(text))).toEqual(shown(() => asWhole(text)))
    }),
    { numRuns: 150 },
  )
})

const changes = fc.tuple(written, fc.nat(), fc.constantFrom('create', 'update', 'delete'), drafts('new'))

test('an edit of one entry gives the text that an edit of the whole gives', () => {
  fc.assert(
    fc.property(changes, ([text, place, kind, draft]) => {
      const { entries } = asWhole(text)
      const { id } = modelOf(entries[place % entries.length]!)
      const write: Write =
        kind === 'create'
          ? { kind, draft }
          : kind === 'update'
            ? { kind, draft: { ...draft, id } }
            : { kind: 'delete', id }
      const edit = (state: ModelFile) =>
        outcome(() => {
          const { next, result, isAtEnd } = applyWrites(state, [write], 'config.yaml', none)
          return { text: next.text, result, isAtEnd }
        })
      expect(edit(inParts(text))).toEqual(edit(asWhole(text)))
    }),
    { numRuns: 150 },
  )
})
