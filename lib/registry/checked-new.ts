import { ModelManagementError } from '../errors'
import type { Problem } from '../errors'
import type { GivenLimits } from '../options/limits'
import { oddities } from '../schema/oddities'
import { validator } from '../schema/validator'
import type { NewDeployment } from './draft'

const check = validator('model-new')

/** The host's own code is held to the schema too, and to what every storage keeps. Throws `invalid_body`. */
export function checkedNew(body: unknown, limits: GivenLimits): NewDeployment {
  const odd = oddities(body, { ...limits, maxTextLength: Infinity })
  if (odd.length > 0) throw misfit(odd)
  const checked = check(body)
  if (checked.ok) return checked.value as unknown as NewDeployment
  throw misfit(checked.problems)
}

function misfit(problems: readonly Problem[]): ModelManagementError {
  const told = problems
    .slice(0, 10)
    .map(({ loc, msg }) => (loc.length === 0 ? msg : `${loc.join('.')}: ${msg}`))
    .join('; ')
  return new ModelManagementError(
    'invalid_body',
    `The deployment does not fit schemas/model-new.json. ${told}`,
    { problems },
  )
}
