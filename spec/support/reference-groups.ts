import type { JsonObject } from '../../lib/json'
import { groupsOf, publicName, served } from './reference-model'
import type { Reference } from './reference-model'

/** GET /access_group/list: those of the config file too. */
export function groupList(reference: Reference): JsonObject {
  const rows = served(reference)
  const names = [...new Set(rows.flatMap(groupsOf))].sort()
  return {
    access_groups: names.map((group) => {
      const members = rows.filter((row) => groupsOf(row).includes(group))
      const model_names = [...new Set(members.map(publicName))].sort()
      return { access_group: group, model_names, deployment_count: members.length }
    }),
  }
}
