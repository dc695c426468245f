import fc from 'fast-check'
import { dump } from 'js-yaml'
import type { ModelDraft } from '../../lib/adapters/adapter'
import type { JsonObject } from '../../lib/json'
import { awkwardValues } from '../../lib/testing/awkward-values'
import { draft } from './draft'

/** A config as a person might have written it, in the pieces it was put together from. */
export interface WrittenConfig {
  readonly head: string
  /** Each with the comments and blank lines that follow it. */
  readonly entries: readonly string[]
  readonly tail: string
  readonly style: string
}

const awkward = awkwardValues.map(([, value]) => value).filter((value) => JSON.stringify(value).length < 500)
const texts = awkward
  .flatMap((value) => (Array.isArray(value) ? value : [value]))
  .filter((value) => typeof value === 'string')
const scalar = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    '1e3',
    'on',
    '2024-02-01',
    '0o10',
    '1:30',
    '1e-7',
    'os.environ/KEY',
    'openai/gpt-4o',
    '=',
    '<<',
  ),
)
const json = fc.oneof(
  scalar,
  fc.constantFrom(...awkward),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonObject>,
)
const key = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[a-z_]{1,8}$/) },
  fc.constantFrom('on', '1', '~', '<<', 'a b', ':x', '=', '#', '- a', 'ü', '1e3'),
)

export const params: fc.Arbitrary<JsonObject> = fc
  .dictionary(key, json, { maxKeys: 5, noNullPrototype: true })
  .map((more) => ({ model: 'openai/gpt-4o', ...more }))

export const drafts = (id: string): fc.Arbitrary<ModelDraft> =>
  fc
    .record({
      litellm_params: params,
      model_info: fc.dictionary(fc.stringMatching(/^[a-h]{1,5}$/), json, {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      extra: fc.option(json, { nil: undefined }),
      blocked: fc.boolean(),
    })
    .map(({ litellm_params, model_info, extra, blocked }) =>
      draft(id, {
        blocked,
        deployment: {
          model_name: 'smart',
          litellm_params,
          model_info,
          ...(extra === undefined ? {} : { extra }),
        },
      }),
    )

const comment = fc.constantFrom('', '', '# a comment', '# it\'s: [odd} "- x', '', '#')

/** Entry number `index`, its id written or not. */
function entry(index: number): fc.Arbitrary<{
  value: JsonObject
  flow: boolean
  comments: readonly string[]
  blank: boolean
  ownLine: boolean
}> {
  return fc.record({
    value: fc.tuple(params, fc.boolean()).map(([own, hasId]) => ({
      model_name: `name-${index}`,
      litellm_params: { ...own, number: index },
      ...(hasId ? { model_info: { id: `id-${index}`, mode: 'chat' } } : {}),
    })),
    flow: fc.boolean(),
    comments: fc.array(comment, { minLength: 3, maxLength: 3 }),
    blank: fc.boolean(),
    ownLine: fc.boolean(),
  })
}

export const configs: fc.Arbitrary<WrittenConfig> = fc
  .record({
    head: fc.constantFrom(
      '',
      '# head\n\n',
      '---\n',
      'general_settings:\n  a: 1 # one\n',
      'x: &x {a: 1}\n"y": |\n  - no\n  model_list:\n\n',
    ),
    listLine: fc.constantFrom(
      'model_list:\n',
      'model_list: # the models\n',
      '"model_list" :\n',
      'model_list:\n# none\n\n',
    ),
    entries: fc
      .integer({ min: 1, max: 4 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => entry(index)))),
    indent: fc.constantFrom(0, 2, 5),
    gap: fc.constantFrom(1, 3),
    tail: fc.constantFrom(
      '',
      'litellm_settings:\n  drop_params: true # yes\n',
      '# the end\n',
      '\n\nz: [1,\n 2]\n...\n',
    ),
    eol: fc.constantFrom('\n', '\n', '\r\n'),
    lastBreak: fc.boolean(),
  })
  .map(({ head, listLine, entries, indent, gap, tail, eol, lastBreak }) => {
    const lines = (text: string) => text.replaceAll('\n', eol)
    const pieces = entries.map(
      ({ value, flow, comments: [above = '', beside = '', inside = ''], blank, ownLine }) => {
        const pad = ' '.repeat(indent)
        const body = dump(value, {
          lineWidth: -1,
          noRefs: true,
          ...(flow ? { flowLevel: 0, forceQuotes: true, quoteFlowKeys: true } : {}),
        })
        const [first = '', ...others] = body.trimEnd().split('\n')
        const inner = ' '.repeat(indent + 1 + gap)
        const start = ownLine && !flow ? `${pad}-\n${inner}${first}` : `${pad}-${' '.repeat(gap)}${first}`
        const noted = others.map((line) => (line === '' ? line : inner + line))
        if (inside !== '' && noted.length > 0) noted.splice(0, 0, inner + inside)
        const text = [
          above === '' ? undefined : pad + above,
          start + (beside === '' ? '' : ` ${beside}`),
          ...noted,
        ]
        return {
          above: above === '' ? '' : `${pad}${above}\n`,
          text: `${text.slice(1).join('\n')}\n`,
          below: blank ? '\n' : '',
        }
      },
    )
    const style = JSON.stringify({ indent, gap, eol })
    const all = {
      head: lines(head + listLine),
      entries: pieces.map(({ above, text, below }) => lines(above + text + below)),
      tail: lines(tail),
      style,
    }
    if (lastBreak) return all
    if (tail !== '') return { ...all, tail: all.tail.replace(/(\r?\n)+$/, '') }
    return {
      ...all,
      entries: [...all.entries.slice(0, -1), (all.entries.at(-1) ?? '').replace(/(\r?\n)+$/, '')],
    }
  })
