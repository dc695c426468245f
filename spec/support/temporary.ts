import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is removed when the spec file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'express-model-management-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
