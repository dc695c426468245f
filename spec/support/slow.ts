import type { ModelAdapter } from '../../lib/adapters/adapter'

/** The adapter as it is over a network: others get their turn during each call. */
export function slowed(adapter: ModelAdapter): ModelAdapter {
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  return {
    ...adapter,
    get: (...given) => turn().then(() => adapter.get(...given)),
    create: (...given) => turn().then(() => adapter.create(...given)),
    update: (...given) => turn().then(() => adapter.update(...given)),
    delete: (...given) => turn().then(() => adapter.delete(...given)),
  }
}

/** The statuses of answers that came in any order, from the lowest. */
export function statusesOf(answers: readonly { readonly status: number }[]): readonly number[] {
  return answers.map(({ status }) => status).sort((one, other) => one - other)
}
