import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Parts of names: only these cases and probes. Empty: all. */
  readonly only: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  /** Most rows; cases with more are left out, and probes are made smaller. */
  readonly rows: number
  /** How much of what probes repeat; 1 for figures to go by. */
  readonly share: number
  readonly postgres: boolean
  /** Where the figures are written as JSON. */
  readonly out: string | undefined
  /** A folder for processor profiles of our server. */
  readonly profile: string | undefined
}

export const usage = `npm run bench -- [--only TEXT]… [--rounds N] [--seconds N] [--connections N] [--rows MOST] [--share 0…1]
                 [--no-postgres] [--out FILE.json] [--profile FOLDER]
--only "v1/models" --only write: what has one of these texts in its name.`

/** Throws for what it does not know. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      rows: { type: 'string' },
      share: { type: 'string' },
      postgres: { type: 'boolean' },
      out: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const number = (
    name: 'rounds' | 'seconds' | 'connections' | 'rows' | 'share',
    otherwise: number,
  ): number => {
    const value = Number(values[name] ?? otherwise)
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`)
    return value
  }
  return {
    only: values.only ?? [],
    rounds: number('rounds', 5),
    seconds: number('seconds', 2),
    connections: number('connections', 10),
    rows: number('rows', Infinity),
    share: number('share', 1),
    postgres: values.postgres ?? true,
    out: values.out,
    profile: values.profile,
  }
}
