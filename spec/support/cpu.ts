/** Milliseconds of CPU that this process spends on some work: unlike the clock, it does not depend on how busy the machine is. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
