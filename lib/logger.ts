/** pino's calling convention, so that a pino logger fits as it is. Details never hold a secret. */
export interface Logger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** Warnings and errors as one line each on stderr; information is dropped. */
export const stderrLogger: Logger = {
  info() {},
  warn(details, message) {
    process.stderr.write(`express-model-management: ${message}${inline(details)}\n`)
  },
  error(details, message) {
    process.stderr.write(`express-model-management: ${message}${inline(details)}\n`)
  },
}

function inline(details: object): string {
  const text = JSON.stringify(details)
  return text === '{}' ? '' : ` ${text}`
}
