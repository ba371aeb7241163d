/** A data pipeline: a fixed plan over seven tools, and one specialist who says in words what was done. */
import { type Agent, type AnyTool, agent, type Model, tool } from 'pawl'
import { open } from 'pawl/policies'
import { z } from 'zod'
import { parseCsv, renderCsv } from './csv.ts'
import type { Files } from './files.ts'
import {
  cleanRow,
  cleanRows,
  rawRow,
  splitRows,
  type TransformedRow,
  transformBatch,
  transformedRow,
  validateRows,
} from './rows.ts'

export type DataPipelineOptions = {
  readonly files: Files
  readonly model: Model
  /** What is done with a batch; commits are measured by default. */
  readonly transform?: typeof transformBatch
}

export function dataPipeline({ files, model, transform = transformBatch }: DataPipelineOptions): Agent {
  return agent({
    name: 'data-pipeline',
    instructions: 'You answer questions about tables of commits.',
    model,
    tools: [readCsv(files), ...rowTools(transform), writeCsv(files)],
    // The plan names the target and its author is trusted; what is there already is never replaced.
    policies: [open('write_csv')],
    // Its plans are given: no model is asked for one, or for how to go about a message.
    planning: { planner: null, router: null, maxParallelTasks: 4 },
    specialists: [
      {
        name: 'steward',
        domain: 'Says what a pipeline has done with the rows, and what it has left out.',
        instructions: 'Report counts exactly as the steps give them. What a step did not say is null, never a guess.',
        cap: { turns: 3 },
      },
    ],
  })
}

/** `count` comes first in what a model is shown, however long the rows are. */
function readCsv(files: Files): AnyTool {
  return tool({
    name: 'read_csv',
    description: 'Reads a CSV file: its columns, and its rows as they are.',
    effect: 'read',
    trust: 'external', // whoever wrote the file
    input: z.object({ path: z.string() }),
    run: ({ path }) => {
      const { columns, rows } = parseCsv(files.read(path))
      return { columns, count: rows.length, rows }
    },
    summarize: ({ count }) => ({ rows: count }),
  })
}

/** What lists and traces show in place of the rows. */
const countOf = (rows: readonly unknown[]) => ({ rows: rows.length })

/** They only compute: whatever dies, they run again and come to the same. */
function rowTools(transform: typeof transformBatch): readonly AnyTool[] {
  return [
    tool({
      name: 'validate_rows',
      description: 'Parts the rows that have every column with a value that fits from those that do not, and says why.',
      effect: 'read',
      input: z.object({ rows: z.array(rawRow), columns: z.array(z.string()) }),
      run: ({ rows, columns }) => {
        const { valid, invalid } = validateRows(rows, columns)
        return { counts: { valid: valid.length, invalid: invalid.length }, invalid, valid }
      },
      summarize: ({ counts }) => counts,
    }),
    tool({
      name: 'clean_rows',
      description: 'Trims and types the cells of valid rows.',
      effect: 'read',
      input: z.object({ rows: z.array(rawRow) }),
      run: ({ rows }) => cleanRows(rows),
      summarize: countOf,
    }),
    tool({
      name: 'split_rows',
      description: 'Splits rows into batches of a size, in order.',
      effect: 'read',
      input: z.object({ rows: z.array(cleanRow), size: z.int().min(1) }),
      run: ({ rows, size }) => ({ batches: splitRows(rows, size) }),
      summarize: ({ batches }) => ({ batches: batches.length }),
    }),
    tool({
      name: 'transform_batch',
      description: 'Adds to each commit how many lines it changed, how many it left, and its size.',
      effect: 'read',
      input: z.object({ rows: z.array(cleanRow) }),
      run: ({ rows }) => transform(rows),
      summarize: countOf,
    }),
    tool({
      name: 'merge_batches',
      description: 'Joins batches, in their order.',
      effect: 'read',
      input: z.object({ batches: z.array(z.array(transformedRow)) }),
      run: ({ batches }) => batches.flat(),
      summarize: countOf,
    }),
  ]
}

/**
 * Unsafe: it refuses a target that is there, so that a repeat after a crash would take its own file for somebody else's. Asked
 * whether it took effect, it looks whether the file holds exactly these rows.
 */
function writeCsv(files: Files): AnyTool {
  return tool({
    name: 'write_csv',
    description: 'Writes rows to a new CSV file. A file that is there is never replaced.',
    effect: 'unsafe',
    input: z.object({ path: z.string(), rows: z.array(transformedRow) }),
    run: ({ path, rows }) => {
      files.create(path, csvOf(rows))
      return { path, count: rows.length }
    },
    verify: (_key, { input: { path, rows } }) =>
      files.holds(path, csvOf(rows))
        ? { tookEffect: true, output: { path, count: rows.length } }
        : { tookEffect: false },
  })
}

function csvOf(rows: readonly TransformedRow[]): string {
  const columns = transformedRow.keyof().options
  return renderCsv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  )
}
