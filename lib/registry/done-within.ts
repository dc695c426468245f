/** Whether the work is done within so many milliseconds; it goes on if not. Rejects if the work does in that time. */
export async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    // Not unref'd: somebody awaits this, and what comes behind it would not run in a process that has ended.
    timer = setTimeout(resolve, ms, false)
  })
  const done = work.then(() => true)
  try {
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
