/** A module whose run starts a process that adds to a file for as long as it lives, and then blocks its own loop for good. */
import { spawn } from 'node:child_process'

export function run({ file }: { readonly file: string }): never {
  spawn('sh', ['-c', 'while :; do printf . >> "$0"; sleep 0.02; done', file], { stdio: 'ignore' })
  for (;;);
}
