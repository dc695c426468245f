const longestScheme = 32
/** Without blanks, as most are. */
const isPrintable = /^[!-~]*$/

/**
 * From where on a text is an address, as `https://…` in `huggingface/https://…`, without the blanks that parsers skip. Linear in the
 * length: only what stands before a colon is looked at twice, and no further back than schemes are long.
 */
export function addressWithin(text: string): string | undefined {
  if (!text.includes(':')) return undefined
  const bare = isPrintable.test(text) ? text : text.replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '')
  if (!/:[/\\]{2}|(?:https?|wss?):/i.test(bare)) return undefined
  for (const { index } of bare.matchAll(/:(?=[/\\]{2})|(?<=(?<![a-z\d])(?:https?|wss?)):/gi)) {
    const [, scheme] =
      /(?<![a-z\d+.-])[\d+.-]*([a-z][a-z\d+.-]*)$/i.exec(
        bare.slice(Math.max(0, index - longestScheme), index),
      ) ?? []
    if (scheme !== undefined) return bare.slice(index - scheme.length)
  }
  return undefined
}
