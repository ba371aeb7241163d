/** Agents that could carry the shipped templates out: their tools do nothing, but say what they take in. */
import { type AnyTool, agent, tool } from 'pawl'
import type { PlanContext, PlanMode } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { z } from 'zod'
import type { Schema } from '../../src/ports/index.ts'
import { planContextOf } from '../../src/runtime/index.ts'

const path = z.string().min(1)
const rows = z.array(z.record(z.string(), z.string()))

const inputs = {
  list_docs: z.strictObject({ folder: path }),
  search_docs: z.strictObject({ query: z.string(), folder: path }),
  read_doc: z.strictObject({ path }),
  write_report: z.strictObject({ path, text: z.string() }),
  read_diff: z.strictObject({ from: z.string(), to: z.string(), path: path.optional() }),
  read_file: z.strictObject({ path, ref: z.string() }),
  run_check: z.strictObject({ check: z.string(), from: z.string(), to: z.string(), paths: z.array(path) }),
  write_review: z.strictObject({ path, verdict: z.string(), text: z.string() }),
  read_csv: z.strictObject({ path }),
  validate_rows: z.strictObject({ rows, columns: z.array(z.string()) }),
  clean_rows: z.strictObject({ rows }),
  split_rows: z.strictObject({ rows, size: z.int().min(1) }),
  transform_batch: z.strictObject({ rows }),
  merge_batches: z.strictObject({ batches: z.array(rows) }),
  write_csv: z.strictObject({ path, rows }),
}

const specialists: { readonly [template: string]: { readonly [name: string]: readonly string[] } } = {
  'research-report': { researcher: ['search_docs', 'read_doc'], analyst: ['read_doc'], writer: [] },
  'code-review': { reviewer: ['read_diff', 'read_file'], skeptic: ['read_diff', 'read_file'], writer: [] },
  'data-pipeline': { steward: [] },
}

function stub(name: string, input: Schema): AnyTool {
  const effect = name.startsWith('write_') ? 'unsafe' : 'read'
  return tool({ name, description: name, effect, input, run: () => null })
}

const everything = agent({
  name: 'everything',
  instructions: 'Nothing.',
  model: scripted([]),
  tools: Object.entries(inputs).map(([name, input]) => stub(name, input)),
  policies: [open('write_report', 'write_review', 'write_csv')],
})

export function contextFor(template: string, mode: PlanMode = 'strict'): PlanContext {
  const limits = { maxTasks: 10_000, maxSteps: 50, maxDepth: 4, eventsLeft: 50_000 }
  return {
    ...planContextOf(everything, { mode, limits }),
    specialists: new Map(
      Object.entries(specialists[template] ?? {}).map(([name, tools]) => [name, { tools: new Set(tools) }]),
    ),
  }
}
