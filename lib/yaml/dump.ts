import { SCALAR_STYLE, dump, visit } from 'js-yaml'
import type { DumpOptions } from 'js-yaml'
import type { JsonValue } from '../json'

/** Nothing is folded, and no value stands for another: each line means what it says. */
const options: DumpOptions = {
  lineWidth: -1,
  noRefs: true,
  // As a block, such a text would take the blank lines below it for its own.
  transform: (documents) =>
    visit(documents, (node) => {
      if (node.kind === 'scalar' && /(?:^|\n)\n$/.test(node.value)) node.style = SCALAR_STYLE.DOUBLE_QUOTED
    }),
}

/** The value as lines, quoted where PyYAML would read something else. */
export function blockLines(value: JsonValue): readonly string[] {
  return dump(value, options).replace(/\n$/, '').split('\n')
}

/** The value on one line. */
export function inlineText(value: JsonValue): string {
  return inList(value, {})
}

/** The same between brackets, where PyYAML stumbles over plain texts with these signs. */
export function flowText(value: JsonValue): string {
  const isOdd = texts(value).some((text) => /[:?]/.test(text))
  return inList(value, isOdd ? { forceQuotes: true, quoteFlowKeys: true, quoteStyle: 'double' } : {})
}

function texts(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]: [string, JsonValue]) => [key, ...texts(member)])
}

function inList(value: JsonValue, more: DumpOptions): string {
  return dump([value], { ...options, ...more, flowLevel: 0 })
    .trim()
    .slice(1, -1)
}
