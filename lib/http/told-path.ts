import { holdsCredential, MASK } from '../model-info/redact-text'

type Step = string | number

/** Where in a request something is wrong. A key may be a secret as well as a value, and is then not repeated. */
export function toldPath(path: string): string {
  if (!holdsCredential(path, 'params')) return path
  const told = path.split('.').map(toldStep).join('.')
  // Some secrets have dots of their own.
  return holdsCredential(told, 'params') ? `${path.split('.')[0]}.${MASK}` : told
}

/** A location of bounded length: what is too long is described, since a part of a secret cannot be told from a name. */
export function toldLocation(loc: readonly Step[]): readonly Step[] {
  const steps = loc.slice(0, mostSteps).map((step) => (typeof step === 'string' ? shortStep(step) : step))
  return loc.length > mostSteps ? [...steps, '…'] : steps
}

const mostSteps = 16
const longestStep = 100

function shortStep(step: string): string {
  return step.length > longestStep ? `(a name of ${step.length} characters)` : toldStep(step)
}

function toldStep(step: string): string {
  return holdsCredential(step, 'params') ? MASK : step
}
