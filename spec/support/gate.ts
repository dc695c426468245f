/** A promise with its handle, for calls that end when the spec says so. */
export interface Gate {
  readonly passed: Promise<void>
  open(): void
}

export function gate(): Gate {
  let release = (): void => {}
  const passed = new Promise<void>((resolve) => {
    release = resolve
  })
  return { passed, open: () => release() }
}
