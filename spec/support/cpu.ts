/** Milliseconds of CPU that this process spends on some work: unlike the clock, it does not depend on how busy the machine is. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** How many times as slow as a quiet machine this one is now, and never less than 1: others share its caches and cores. */
export async function slowness(): Promise<number> {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at])))
  const ms = await cpuMs(() => {
    for (let left = 5; left > 0; left--) JSON.stringify({ ...JSON.parse(text) })
  })
  return Math.max(1, ms / quietMs)
}

const quietMs = 70
