/** More than a body has values, so that what is known of its names is known until the write has ended. */
const mostRemembered = 32_768
const longestRemembered = 64

/** The judgement of a name, remembered: rows have the same few in common. Names come from callers, so only so many short ones are. */
export function rememberNames<T>(judge: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly judged: T }>()
  return (name) => {
    if (name.length > longestRemembered) return judge(name)
    const before = known.get(name)
    if (before !== undefined) return before.judged
    if (known.size >= mostRemembered) known.clear()
    const judged = judge(name)
    known.set(name, { judged })
    return judged
  }
}
