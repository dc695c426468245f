import { resolve, sep } from 'node:path'

/** The name of an error's class; of what is no error its type. */
export function getClassName(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return thrown === null ? 'null' : typeof thrown
  const { name, constructor } = thrown as {
    readonly name?: unknown
    readonly constructor?: { readonly name?: unknown }
  }
  const isName = (one: unknown): one is string =>
    typeof one === 'string' && /^[A-Za-z_$][\w$.]{0,63}$/.test(one)
  return [name, constructor?.name].find(isName) ?? 'object'
}

const ours = resolve(__dirname, '..') + sep
const mostOfEach = 3

/** Where an error comes from: the first lines of its stack in other code and in this package. They hold no values. */
export function getFrames(thrown: unknown): readonly string[] {
  const { stack } = Object(thrown) as { readonly stack?: unknown }
  if (typeof stack !== 'string') return []
  // Lines of the message may stand before the frames.
  const frames = stack
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length <= 500 && /^at .*(?::\d+:\d+\)?|<anonymous>\)?|\(native\))$/.test(line))
  const isOurs = (frame: string): boolean => frame.includes(ours)
  const first = (of: readonly string[]): readonly string[] => of.slice(0, mostOfEach)
  return [...first(frames.filter((frame) => !isOurs(frame))), ...first(frames.filter(isOurs))]
}
