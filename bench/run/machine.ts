import { cpus, totalmem } from 'node:os'

/** What the numbers were measured on: ratios travel, numbers do not. */
export function machine(): {
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
} {
  const [first] = cpus()
  return {
    node: process.version,
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  }
}
