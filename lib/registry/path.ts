/**
 * A place inside of JSON values. Equal places below one root are the same object, so that trees are compared without joining
 * the names of each path: with long names and many values those texts would be many times as large as the body.
 */
export class Path {
  #members: Map<string, Path> | undefined

  readonly parent: Path | undefined
  readonly key: string

  constructor(parent?: Path, key = '') {
    this.parent = parent
    this.key = key
  }

  member(key: string): Path {
    const members = (this.#members ??= new Map())
    const known = members.get(key)
    if (known !== undefined) return known
    const made = new Path(this, key)
    members.set(key, made)
    return made
  }

  /** The names from the root down. */
  get keys(): readonly string[] {
    return keysOf(this)
  }

  /** As `litellm_params.extra_headers.Authorization`, for messages. */
  toString(): string {
    return this.keys.join('.')
  }
}

function keysOf(path: Path): readonly string[] {
  const keys: string[] = []
  for (let at = path; at.parent !== undefined; at = at.parent) keys.push(at.key)
  return keys.toReversed()
}
