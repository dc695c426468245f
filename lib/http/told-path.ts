import { holdsCredential, MASK } from '../model-info/redact-text'

type Step = string | number

/** Where in a request something is wrong. A key may be a secret as well as a value, and is then not repeated. */
export function toldPath(path: string): string {
  if (!holdsCredential(path, 'params')) return path
  const told = path.split('.').map(toldStep).join('.')
  // Some secrets have dots of their own.
  return holdsCredential(told, 'params') ? `${path.split('.')[0]}.${MASK}` : told
}

export function toldLocation(loc: readonly Step[]): readonly Step[] {
  return loc.map((step) => (typeof step === 'string' ? toldStep(step) : step))
}

function toldStep(step: string): string {
  return holdsCredential(step, 'params') ? MASK : step
}
