import type { Logger } from '../logger'
import type { SetAside } from './row'

/** With a lost key it may be every model: status has them all. */
const shown = 5

/** Says of models that they cannot be served: `news` are those of which that has not been said yet. */
export function asideLog(logger: Logger, holder: 'storage' | 'the config file') {
  return (news: readonly SetAside[]): void => {
    if (news.length === 0) return
    const details = { count: news.length, first: news.slice(0, shown) }
    logger.warn(details, `${holder} holds models that cannot be served; status tells of each why`)
  }
}
