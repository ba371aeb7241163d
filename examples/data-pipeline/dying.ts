/** The pipeline in a process that kills itself: given a folder and a moment, it does the work named `killed` until then. For the tests. */
import { join } from 'node:path'
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { dataPipeline } from './agent.ts'
import { type Files, filesOf } from './files.ts'
import { scriptedSteward } from './model.ts'
import { transformBatch } from './rows.ts'
import { optionsFor } from './start-options.ts'

const [folder = '', moment = ''] = process.argv.slice(2)

/** SIGKILL: no more instruction of this process runs, and nothing in it is told. */
function dieAt(here: string): void {
  if (moment === here) process.kill(process.pid, 'SIGKILL')
}

const real = filesOf(folder)
const files: Files = {
  ...real,
  create: (path, text) => {
    dieAt('before the write')
    real.create(path, text)
    dieAt('after the write')
  },
}

let batches = 0
const transform: typeof transformBatch = (rows) => {
  batches += 1
  if (batches === 3) dieAt('in the third batch')
  if (batches === 7) dieAt('in the last batch')
  return transformBatch(rows)
}

const store = sqliteStore(join(folder, '.pawl/pawl.db'))
const runtime = createRuntime({ store, agents: [dataPipeline({ files, model: scriptedSteward(), transform })] })
const session = await runtime.start('data-pipeline', optionsFor('killed', { target: 'clean.csv' }))
await runtime.result(session)
await runtime.stop()
await store.close()
