import type { Case } from './cases'
import type { Compared } from './compare'
import type { Measurement } from './probes'

export interface Report {
  readonly node: string
  readonly compared: readonly (Compared & { readonly of: Case })[]
  readonly measured: readonly Measurement[]
}

/** Whether what was aimed at was reached; undefined where nothing was. */
export function isMet({ of, ratio, figures }: Report['compared'][number]): boolean | undefined {
  const ours = figures.find(({ contender }) => contender === 'ours')
  if (of.limits !== undefined)
    return ours !== undefined && ours.p95 <= of.limits.p95Ms && ours.stallMs <= of.limits.stallMs
  return of.target === undefined ? undefined : ratio >= of.target
}

export function isWithin({ value, atLeast, atMost }: Measurement): boolean | undefined {
  if (atLeast === undefined && atMost === undefined) return undefined
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
}

/** One line for a server of a case, then one for a measurement. */
export function table({ compared, measured }: Report): string {
  const lines = compared.flatMap((one) =>
    one.figures.map((figures) => {
      const isOurs = figures.contender === 'ours'
      return [
        one.of.name,
        one.of.rows.toLocaleString('en'),
        figures.contender,
        short(figures.perSecond),
        short(figures.p50),
        short(figures.p99),
        short(figures.cpuMicroseconds),
        short(figures.stallMs),
        short(figures.rssMegabytes),
        ...(isOurs ? [one.ratio.toFixed(2), one.cpuRatio.toFixed(2), aim(one.of), word(isMet(one))] : []),
      ]
    }),
  )
  const head = ['case', 'rows', 'server', 'req/s', 'p50 ms', 'p99 ms', 'cpu µs', 'stall ms', 'RSS MB']
  const figures = grid([[...head, 'of ceiling', 'of its cpu', 'target', ''], ...lines])
  const rest = grid(
    measured.map((one) => [one.name, short(one.value), one.unit, bounds(one), word(isWithin(one))]),
  )
  return [...(lines.length > 0 ? [figures] : []), ...(measured.length > 0 ? [rest] : [])].join('\n\n')
}

function aim({ target, limits }: Case): string {
  if (limits !== undefined) return `p95 ${limits.p95Ms} ms, stall ${limits.stallMs} ms`
  return target === undefined ? '' : `≥ ${target}`
}

function bounds({ atLeast, atMost }: Measurement): string {
  if (atLeast !== undefined) return `≥ ${atLeast}`
  return atMost === undefined ? '' : `≤ ${atMost}`
}

function word(met: boolean | undefined): string {
  if (met === undefined) return ''
  return met ? 'met' : 'MISSED'
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}

function grid(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const isText = (at: number): boolean => at === 0 || at === 2 || at > 10
  return rows
    .map((row) =>
      row
        .map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
