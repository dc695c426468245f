/** A fenced code block of a Markdown document. */
export interface Block {
  readonly language: string
  readonly text: string
  /** Of the line after the opening fence, counted from 1. */
  readonly line: number
  /** The marker comment above it: `<!-- file: config.yaml -->` is `{ name: 'file', value: 'config.yaml' }`. */
  readonly marker: { readonly name: string; readonly value: string } | undefined
}

const fence =
  /^(?:<!-- *(?<name>[a-z]+): *(?<value>.+?) *-->\n\n?)?```(?<language>\w*)\n(?<text>[^]*?)^```$/gm

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(fence)].map((match) => {
    const { name, value, language = '', text = '' } = match.groups ?? {}
    const opening = match.index + match[0].indexOf('```')
    return {
      language,
      text,
      line: markdown.slice(0, opening).split('\n').length + 1,
      marker: name === undefined || value === undefined ? undefined : { name, value },
    }
  })
}
