/** Shorter ones are compared with whole parts of a text only: inside of it they would be found by chance. */
const shortestWithin = 6

/** Whether a text is one of these secrets or holds one: alone, as `Bearer …`, as the password of a URL, in Base64. */
export function createSecretMatcher(secrets: readonly (string | undefined)[]): (text: string) => boolean {
  const known = new Set(
    secrets.flatMap((secret) => (secret === undefined ? [] : [secret.trim(), ...passwordsIn(secret)])),
  )
  known.delete('')
  const long = [...known].filter((secret) => secret.length >= shortestWithin)
  return (text) =>
    partsOf(text).some((part) => known.has(part)) || long.some((secret) => holdsWord(text, secret))
}

/** Also what a URL without a password is opened with, as `https://TOKEN@host`. */
function passwordsIn(text: string): readonly string[] {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined) return assignedIn(text)
  const { username, password, searchParams } = url
  const user = password === '' ? username : password
  const queries = [...searchParams].flatMap(([name, value]) =>
    /pass|pwd|key|token|secret|sig/i.test(name) ? [value] : [],
  )
  return [user, decoded(user), ...queries]
}

/** `host=h password=p`, as PostgreSQL's drivers read it too. */
function assignedIn(text: string): readonly string[] {
  return Array.from(
    text.matchAll(/(?:^|[\s;])(?:password|pwd)\s*=\s*'?([^\s;']+)/gi),
    ([, value = '']) => value,
  )
}

function partsOf(text: string): readonly string[] {
  const bare = text.trim()
  const [, scheme = '', token = ''] = /^([a-z]{1,16})\s+(\S+)$/i.exec(bare) ?? []
  const basic = scheme.toLowerCase() === 'basic' ? textOf(token) : ''
  return [
    bare,
    bare.replace(/^(["'])(.*)\1$/s, '$2'),
    decoded(bare),
    textOf(bare),
    token,
    ...basic.split(':'),
    ...passwordsIn(bare),
  ]
}

function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8').trim()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all.
    return text
  }
}

/** Not as a part of a longer word: `sk-1234` is not in `sk-12345`. */
function holdsWord(text: string, secret: string): boolean {
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + secret.length] ?? '')) return true
  }
  return false
}
