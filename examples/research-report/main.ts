/**
 * `npm run example:research-report`: answers a question from this repository's docs/. `--question <text>` and `--topic <text>` (once
 * for each) ask something else; `--folder <path>` is where the sessions and the report lie.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { follow } from '../planned/follow.ts'
import { researchReport } from './agent.ts'
import { documentsIn } from './documents.ts'
import { scriptedResearchers } from './model.ts'
import { asked, optionsFor } from './start-options.ts'

const { values } = parseArgs({
  options: {
    question: { type: 'string', default: asked.question },
    topic: { type: 'string', multiple: true, default: [...asked.topics] },
    folder: { type: 'string', default: fileURLToPath(new URL('./.pawl', import.meta.url)) },
  },
})

const { folder, question, topic: topics } = values
mkdirSync(folder, { recursive: true })
const repository = fileURLToPath(new URL('../..', import.meta.url))
const documents = documentsIn(repository)
const store = sqliteStore(join(folder, 'pawl.db'))
const runtime = createRuntime({
  store,
  agents: [researchReport({ documents, reports: folder, model: scriptedResearchers() })],
})
const session = await runtime.start('research-report', optionsFor({ ...asked, question, topics }))
const { status, text } = await follow(runtime, session)
console.log(`${status.type} ${text}`)
await runtime.stop()
await store.close()
