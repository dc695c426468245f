/**
 * From where on a text is an address, as `https://…` in `huggingface/https://…`, without the blanks that parsers skip. Linear in the
 * length: a scheme is looked for no further back than schemes are long.
 */
export function addressWithin(text: string): string | undefined {
  const bare = text.replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '')
  return /(?:[a-z][a-z\d+.-]{0,31}:[/\\]{2}|(?<![a-z\d])(?:https?|wss?):).*/is.exec(bare)?.[0]
}
