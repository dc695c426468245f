import type { Logger } from '../logger'
import type { SetAside } from './row'

/** With a lost key it may be every model: status has them all. */
const shown = 5

/** Says of stored models that they cannot be served: `news` are those of which that has not been said yet. */
export function asideLog(logger: Logger): (news: readonly SetAside[]) => void {
  return (news) => {
    const details = { source: news[0]?.where, count: news.length, first: news.slice(0, shown) }
    logger.warn(details, 'storage holds models that cannot be served; status tells of each why')
  }
}
