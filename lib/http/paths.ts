import { ModelManagementError } from '../errors'

/** A path with slashes at its end is the same path, as LiteLLM's redirects make it. A slash written `%2F` is part of a name. */
export function withoutTrailingSlash(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** A path of the route table, ready for Express. */
export interface PathPattern {
  /** Matches the whole path, letter by letter: no other spelling reaches a handler. Without groups, which Express would decode. */
  readonly expression: RegExp
  /** The parameters of a path that matches. Throws `invalid_query` for one that cannot be decoded. */
  params(path: string): Readonly<Record<string, string>>
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
      return name === 'model' ? '(?:.+)' : '(?:[^/]+)'
    })
    .join('')
  const expression = new RegExp(`^${source}$`)
  const groups = new RegExp(`^${source.replaceAll('(?:', '(')}$`)
  return {
    expression,
    params: (requested) => {
      const [, ...values] = groups.exec(requested) ?? []
      return Object.fromEntries(names.map((name, at) => [name, decoded(values[at] ?? '', name)]))
    },
  }
}

function decoded(value: string, name: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    const message = `The path's ${name} cannot be decoded: a % in it is not followed by the code of a character.`
    throw new ModelManagementError('invalid_query', message, { param: name })
  }
}
