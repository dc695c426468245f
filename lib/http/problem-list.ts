import type { Problem } from '../errors'
import { toldLocation } from './told-path'

const mostProblems = 50
/** Of the list as JSON: with the rest of the answer it stays below 16 KB. */
const mostBytes = 15_000

/** The problems as an answer lists them: the first ones, and how many are left out. */
export function listProblems(problems: readonly Problem[]): Problem[] {
  const told: Problem[] = []
  let bytes = 0
  for (const { type, loc, msg } of problems) {
    const problem = { type, loc: toldLocation(loc), msg: truncateText(msg, 200) }
    bytes += Buffer.byteLength(JSON.stringify(problem)) + 1
    const isLast = told.length === mostProblems - 1 && problems.length > mostProblems
    if (isLast || bytes > mostBytes) return [...told, createSummary(loc, problems.length - told.length)]
    told.push(problem)
  }
  return told
}

function createSummary(loc: Problem['loc'], count: number): Problem {
  const msg = `At least ${count} more problem${count === 1 ? ' is' : 's are'} not listed`
  return { type: 'too_many_problems', loc: loc.slice(0, 1), msg }
}

/** A text of at most so many characters. */
export function truncateText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`
}
