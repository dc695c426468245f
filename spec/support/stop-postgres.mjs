// Jest's globalTeardown: stops what postgres.mjs started, if it started anything.
export default async function stopPostgres() {
  await globalThis.stopPostgres?.()
}
