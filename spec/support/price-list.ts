import type { JsonObject } from '../../lib/json'
import type { TestApp } from './app'

/** A map of one model with this price. */
export function priced(price: number): JsonObject {
  return { 'acme/m': { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: price } }
}

export interface PriceList {
  price: number
  broken: boolean
  /** How often it was read. */
  asked: number
  load(): Promise<JsonObject>
}

/** A source whose price can be changed, and that can be broken. */
export function priceList(): PriceList {
  const list: PriceList = {
    price: 1,
    broken: false,
    asked: 0,
    async load() {
      list.asked += 1
      if (list.broken) throw new Error('secret reason')
      return priced(list.price)
    },
  }
  return list
}

/** Asks until it is so; the test's own time limit is the bound. */
export async function until({ get }: TestApp, isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await get('/health/liveness', null)
}

export const schedulePath = '/schedule/model_cost_map_reload'
