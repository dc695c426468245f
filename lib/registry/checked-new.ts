import { ModelManagementError } from '../errors'
import { validator } from '../schema/validator'
import type { NewDeployment } from './draft'

const check = validator('model-new')

/** The host's own code is held to the schema too. Throws `invalid_body`. */
export function checkedNew(body: unknown): NewDeployment {
  const checked = check(body)
  if (checked.ok) return checked.value as unknown as NewDeployment
  const { problems } = checked
  const told = problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
  throw new ModelManagementError(
    'invalid_body',
    `The deployment does not fit schemas/model-new.json. ${told}`,
    { problems },
  )
}
