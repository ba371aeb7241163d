import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { dataPipeline } from './agent.ts'
import { filesOf } from './files.ts'
import { scriptedSteward } from './model.ts'

const columns = ['commit', 'date', 'subject', 'files', 'insertions', 'deletions']
const batches = { $from: 'split', path: '/batches' } // a JSON Pointer into what came of `split`
const tasks = [
  { id: 'read', tool: 'read_csv', input: { path: 'commits.csv' } },
  { id: 'validate', tool: 'validate_rows', input: { rows: { $from: 'read', path: '/rows' }, columns } },
  { id: 'clean', tool: 'clean_rows', input: { rows: { $from: 'validate', path: '/valid' } } },
  { id: 'split', tool: 'split_rows', input: { rows: { $from: 'clean' }, size: 10 } },
  { id: 'transform', forEach: batches, tool: 'transform_batch', input: { rows: { $from: '$item' } } }, // side by side
  { id: 'merge', tool: 'merge_batches', input: { batches: { $from: 'transform' } } }, // joined in order
  { id: 'write', tool: 'write_csv', input: { path: 'sound.csv', rows: { $from: 'merge' } } },
] // `$from` says what waits for what
const plan = { goal: 'Write the sound rows of commits.csv', tasks }

const agents = [dataPipeline({ files: filesOf('.'), model: scriptedSteward() })]
const runtime = createRuntime({ store: sqliteStore('pipeline.db'), agents })
const session = await runtime.start('data-pipeline', { plan, message: plan.goal, commandId: 'sound-rows' })
console.log((await runtime.result(session)).text) // killed before? started again, it goes on where it was
await runtime.stop()
