/** Letters that Unicode does not decompose, in the spelling that is used without them. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
}

/** The same text for equal names, whatever the width, accents and case of their letters. */
export function plainLetters(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase()
  return withoutAccents(text).toLowerCase()
}

const isAscii = /^[ -~]*$/

function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđı]/giu, (letter) => spelled[letter.toLowerCase()] ?? letter)
}

/** The words of a name in lower case: `APIKey`, `api-key` and `Api_Key` all are `api` and `key`. A plural s belongs to the capitals before it. */
export function wordsOf(name: string): readonly string[] {
  const words = isAscii.test(name)
    ? name.match(/[A-Z]+s?(?![a-z])(?:\d[a-z\d]*)?|[A-Z]?[a-z\d]+/g)
    : withoutAccents(name).match(
        /\p{Lu}+s?(?!\p{Ll})(?:\d[\p{Ll}\d]*)?|\p{Lu}?[\p{Ll}\d]+|[\p{Lo}\p{Lm}]+|[\p{L}\p{N}]/gu,
      )
  return words?.map((word) => word.toLowerCase()) ?? []
}

/** All words of a name in one, as they come from `wordsOf`. */
export function compactOf(name: string): string {
  return isAscii.test(name)
    ? name.toLowerCase().replace(/[^a-z\d]+/g, '')
    : plainLetters(name).replace(/[^\p{L}\p{N}]+/gu, '')
}
