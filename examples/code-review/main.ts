/**
 * `npm run example:code-review`: reviews a change of this repository. `--from <commit> --to <commit>` review another one;
 * `--folder <path>` is where the sessions and the review lie.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { follow } from '../planned/follow.ts'
import { codeReview } from './agent.ts'
import { scriptedReviewers } from './model.ts'
import { repositoryAt } from './repository.ts'
import { optionsFor, saved } from './start-options.ts'

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: saved.from },
    to: { type: 'string', default: saved.to },
    folder: { type: 'string', default: fileURLToPath(new URL('./.pawl', import.meta.url)) },
  },
})

const { folder } = values
mkdirSync(folder, { recursive: true })
const repository = repositoryAt(fileURLToPath(new URL('../..', import.meta.url)), saved)
const store = sqliteStore(join(folder, 'pawl.db'))
const agents = [codeReview({ repository, reviews: folder, model: scriptedReviewers() })]
const runtime = createRuntime({ store, agents })
const session = await runtime.start('code-review', optionsFor(values))
const { status, text, openApprovals } = await follow(runtime, session)
console.log(`${status.type} ${text}`)
for (const _ of openApprovals)
  console.log('look at it: npm run pawl -- approvals, then approve or reject (in this folder)')
await runtime.stop()
await store.close()
