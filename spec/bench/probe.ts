// A process of its own for each probe: what it measures is not what ran before it.
import { probes } from './probes'
import type { Place } from './probes'

process.on('message', ({ name, place }: { readonly name: string; readonly place: Place }) => {
  const probe = probes.find((one) => one.name === name)
  const measured = probe === undefined ? Promise.reject(new Error(`no probe ${name}`)) : probe.run(place)
  measured.then(
    (measurements) => process.send?.({ measurements }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
