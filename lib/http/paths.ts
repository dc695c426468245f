/** A path of the route table, ready for Express. */
export interface PathPattern {
  /** Matches the whole path, letter by letter: no other spelling reaches a handler. */
  readonly expression: RegExp
  /** The parameters in the order of the groups. */
  readonly names: readonly string[]
}

/**
 * An expression instead of Express's own syntax, which differs between its majors. The parameter `{model}` takes slashes, since
 * names of models hold them.
 */
export function pathPattern(path: string): PathPattern {
  const names: string[] = []
  const source = path
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1]
      if (name === undefined) return part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
      names.push(name)
      return name === 'model' ? '(.+)' : '([^/]+)'
    })
    .join('')
  return { expression: new RegExp(`^${source}$`), names }
}
