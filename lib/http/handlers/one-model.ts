import { tagOf } from '../../registry/revision-tag'
import type { Reply } from '../call'

const head = Buffer.from('{"data":[')
const tail = Buffer.from(']}')

/** LiteLLM answers with a list of one when it is asked for one. */
export function oneModel(bytes: Buffer, revision: string): Reply {
  return { status: 200, parts: [head, bytes, tail], revision: tagOf(revision) }
}
