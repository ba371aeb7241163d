/**
 * `npm run example:data-pipeline`: takes commits.csv through the pipeline. Kill it at any time and start it again: it goes on, and
 * every row is written once. `--name <name>` and `--target <file>` do it anew; `--folder <path>` works in a folder of yours.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { follow } from '../planned/follow.ts'
import { dataPipeline } from './agent.ts'
import { filesOf } from './files.ts'
import { scriptedSteward } from './model.ts'
import { optionsFor } from './start-options.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
    name: { type: 'string', default: 'first' },
    target: { type: 'string', default: '.pawl/commits-clean.csv' },
  },
})

mkdirSync(join(values.folder, '.pawl'), { recursive: true })
const store = sqliteStore(join(values.folder, '.pawl/pawl.db'))
const agents = [dataPipeline({ files: filesOf(values.folder), model: scriptedSteward() })]
const runtime = createRuntime({ store, agents })
const session = await runtime.start('data-pipeline', optionsFor(values.name, { target: values.target }))
const { status, text } = await follow(runtime, session)
console.log(status.type, text)
await runtime.stop()
await store.close()
