import { dump } from 'js-yaml'
import type { JsonValue } from '../json'

/** Nothing is folded, and no value stands for another: each line means what it says. */
const options = { lineWidth: -1, noRefs: true }

/** The value as lines, quoted where PyYAML would read something else. */
export function blockLines(value: JsonValue): readonly string[] {
  return dump(value, options).replace(/\n$/, '').split('\n')
}

/** The value on one line. */
export function inlineText(value: JsonValue): string {
  return inList(value, {})
}

/** The same between brackets, where PyYAML stumbles over plain texts with colons. */
export function flowText(value: JsonValue): string {
  return inList(value, { forceQuotes: true, quoteFlowKeys: JSON.stringify(value).includes(':"') })
}

function inList(value: JsonValue, more: { forceQuotes?: boolean; quoteFlowKeys?: boolean }): string {
  return dump([value], { ...options, ...more, flowLevel: 0 })
    .trim()
    .slice(1, -1)
}
