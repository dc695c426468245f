import { groupRoutes } from './group-routes'
import { hubRoutes } from './hub-routes'
import { listRoutes } from './list-routes'
import { modelRoutes } from './model-routes'
import { operatorRoutes } from './operator-routes'
import type { Route } from './route'

/** Everything this package answers. */
export const routes: readonly Route[] = [
  ...listRoutes,
  ...modelRoutes,
  ...hubRoutes,
  ...groupRoutes,
  ...operatorRoutes,
]
