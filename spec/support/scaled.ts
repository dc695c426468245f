/** `npm run test:long` runs these specs in full, `npm test` a share that fits into its minutes. */
export function scaled({ usual, long }: { readonly usual: number; readonly long: number }): number {
  return process.env['TEST_LONG'] ? long : usual
}
