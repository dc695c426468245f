/** Milliseconds of CPU that this process spends on some work: unlike the clock, it does not depend on how busy the machine is. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
