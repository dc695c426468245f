import { isSettled } from '../caller'
import type { Caller } from '../caller'
import { scopeOf } from './visibility'
import type { Scope } from './visibility'

export interface ScopeCache {
  /** The scope of a caller, made once for each caller object that cannot change. */
  of(caller: Caller): Scope
}

export function scopeCache(): ScopeCache {
  const known = new WeakMap<Caller, Scope>()
  return {
    of(caller) {
      // A host may keep one object a user and narrow it: that holds from the next call on.
      if (!isSettled(caller)) return scopeOf(caller)
      const scope = known.get(caller) ?? scopeOf(caller)
      known.set(caller, scope)
      return scope
    },
  }
}
