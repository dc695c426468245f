import { digestOf } from '../model-info/row-json'

const longest = 100

/** What stands for a text of a caller where it is remembered, however long it is. */
export function shortened(text: string): string {
  return text.length <= longest ? text : digestOf(text)
}
