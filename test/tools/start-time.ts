/** How long a tool that stands beside the runtime takes to start and to answer. */
import { tool } from 'pawl'
import type { ToolContext } from 'pawl/ports'
import { z } from 'zod'
import { median } from '../../bench/run/statistics.ts'
import { type Isolation, moduleOf } from './isolated-run.ts'

/** Milliseconds: the median of five calls of a tool that answers at once. */
export async function startMs(isolation: Isolation): Promise<number> {
  const terms = { name: 'beside', description: 'Runs beside.', effect: 'read', input: z.object({}) } as const
  const beside = tool({ ...terms, isolation, module: moduleOf('worker-tool') })
  const took: number[] = []
  for (let calls = 0; calls < 5; calls += 1) {
    const startedAt = performance.now()
    // A context of which the tool reads nothing but this.
    const context = { idempotencyKey: 'k', context: {}, signal: new AbortController().signal } as unknown as ToolContext
    await beside.run({ deed: 'key' } as never, context)
    took.push(performance.now() - startedAt)
  }
  return Math.round(median(took))
}
