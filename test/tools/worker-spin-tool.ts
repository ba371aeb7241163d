/** A module whose run never ends, blocks its loop, and adds to a file for as long as it lives. */
import { appendFileSync } from 'node:fs'

const EVERY_MS = 5

export function run({ file }: { readonly file: string }): never {
  for (let last = 0; ; ) {
    const now = performance.now()
    if (now - last < EVERY_MS) continue
    last = now
    appendFileSync(file, '.')
  }
}
