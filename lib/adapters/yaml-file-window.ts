import type { Environment } from '../yaml/environment'
import { layoutOf } from '../yaml/layout'
import type { Written } from '../yaml/layout'
import { copyText, joinSections } from '../yaml/list-sections'
import { describePlace, sourceOf } from '../yaml/tree'
import { modelFile, parsedFile } from './yaml-file-models'
import type { ModelFile, ParsedFile, Parts } from './yaml-file-models'

/** The part of a file that an edit is made in: the same file with the neighbours of one model and no others. */
export interface Window {
  readonly part: ParsedFile
  /** How many models of the file stand before it. */
  readonly from: number
  /**
   * The whole file with this text in the place of the part's; `undefined` where it does not fit in, or says anything else
   * than these contents and what stood around them.
   */
  put(text: string, contents: readonly string[]): ModelFile | undefined
  /** Of the part, read once. */
  layout(): Written | undefined
  /** Where a model stands in the whole file: `config.yaml:12:5`. */
  placeOf(index: number): string
}

/** An edit looks at no more of the models before and behind. */
const neighbours = 2

/** Around the model number `at`, or the place where it is to be. The whole file where models cannot be read one by one. */
export function openWindow(whole: ModelFile, at: number, file: string, environment: Environment): Window {
  const { parts } = whole
  const from = parts === undefined ? 0 : Math.max(0, at - neighbours)
  const to = parts === undefined ? whole.entries.length : Math.min(whole.entries.length, at + neighbours)
  const part = partOf(whole, from, to, file, environment)
  const known = parts && { ...part, entries: whole.entries.slice(from, to), parts: cutParts(parts, from, to) }
  let laid: { readonly layout: Written | undefined } | undefined

  return {
    part,
    from,
    put(text, contents) {
      const next = readAgain(text, file, environment, known)
      return next && says(next, contents, whole.rest) ? composed(whole, from, to, next) : undefined
    },
    layout: () => (laid ??= { layout: layoutOf(part.text) }).layout,
    placeOf(index) {
      const before = parts?.items.slice(0, from).join('').length ?? 0
      const offset = (part.items[index - from]?.offset ?? 0) + before
      return describePlace({ source: sourceOf(file, whole.text), offset })
    },
  }
}

function partOf(
  whole: ModelFile,
  from: number,
  to: number,
  file: string,
  environment: Environment,
): ParsedFile {
  const { parts } = whole
  if (parts === undefined)
    return 'root' in whole ? (whole as ParsedFile) : parsedFile(whole.text, file, environment)
  return parsedFile(textOf(cutParts(parts, from, to)), file, environment)
}

function cutParts({ frame, items }: Parts, from: number, to: number): Parts {
  return { frame, items: items.slice(from, to) }
}

function textOf({ frame: { head, tail }, items }: Parts): string {
  return joinSections({ head, items, tail })
}

/** An edit that has broken the text is not used, and the caller is told so. */
function readAgain(
  text: string,
  file: string,
  environment: Environment,
  known?: ModelFile,
): ModelFile | undefined {
  try {
    return modelFile(text, file, environment, known)
  } catch {
    return undefined
  }
}

function says({ entries, rest }: ModelFile, contents: readonly string[], restBefore: string): boolean {
  return (
    rest === restBefore &&
    entries.length === contents.length &&
    entries.every(({ content }, index) => content === contents[index])
  )
}

function composed(
  { entries, parts, hasList, rest }: ModelFile,
  from: number,
  to: number,
  next: ModelFile,
): ModelFile | undefined {
  const isFirst = from === 0
  const isLast = to === entries.length
  if (parts === undefined || (isFirst && isLast)) return next
  if (next.parts === undefined) return undefined
  const { frame, items } = next.parts
  // A change of what stands around the models is seen where it touches the window alone.
  if (frame.column !== parts.frame.column) return undefined
  if ((!isFirst && frame.head !== parts.frame.head) || (!isLast && frame.tail !== parts.frame.tail))
    return undefined
  const all: Parts = { frame, items: parts.items.toSpliced(from, to - from, ...items.map(copyText)) }
  let text: string | undefined
  return {
    hasList,
    rest,
    entries: entries.toSpliced(from, to - from, ...next.entries),
    parts: all,
    get text() {
      return (text ??= textOf(all))
    },
  }
}
