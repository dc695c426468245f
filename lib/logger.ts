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

/**
 * The host's logger as this package may call it anywhere: what it throws, or rejects with, reaches nobody, and the line it did
 * not take is written to stderr instead.
 */
export function steadyLogger(logger: Logger): Logger {
  const at =
    (level: keyof Logger): Logger['info'] =>
    (details, message) => {
      const otherwise = (): void => stderrLogger[level](details, message)
      try {
        void Promise.resolve<unknown>(logger[level](details, message)).catch(otherwise)
      } catch {
        // There is nowhere else to say why.
        otherwise()
      }
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

function inline(details: object): string {
  const text = JSON.stringify(details)
  return text === '{}' ? '' : ` ${text}`
}
