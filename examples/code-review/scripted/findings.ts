/** What the tasks of this plan hand to each other, as its template asks for it, and what its tools answer. */
import { z } from 'zod'

export const finding = z.object({
  path: z.string(),
  line: z.int().min(1),
  severity: z.enum(['blocker', 'major', 'minor']),
  problem: z.string(),
  mend: z.string(),
})
export type Finding = z.infer<typeof finding>

export const inspected = z.object({ findings: z.array(finding) })

export const confirmed = z.object({
  kept: z.array(finding),
  dropped: z.array(z.object({ problem: z.string(), why: z.string() })),
})
export type Confirmed = z.infer<typeof confirmed>

/** As `read_diff`, `read_file` and `run_check` answer. */
export const readDiff = z.object({
  from: z.string(),
  to: z.string(),
  files: z.array(z.object({ path: z.string(), added: z.int(), removed: z.int() })),
  patch: z.string(),
})
export const readFile = z.object({ path: z.string(), text: z.string() })
export const ranCheck = z.object({ check: z.string(), passed: z.boolean(), problem: z.string().optional() })
