/**
 * `npm run example:charge-audit`: an audit of 3,000 charges whose rows no prompt holds. `cd examples/charge-audit && npm run pawl -- show last`
 * shows the facts, `pawl artifact last` the rows. `--name <name>` begins another.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { chargeAudit } from './agent.ts'
import { scriptedAuditor } from './model.ts'

const { values } = parseArgs({ options: { name: { type: 'string', default: 'first' } } })

const folder = fileURLToPath(new URL('.pawl', import.meta.url))
mkdirSync(folder, { recursive: true })
const store = sqliteStore(join(folder, 'pawl.db'))
const runtime = createRuntime({ store, agents: [chargeAudit({ model: scriptedAuditor() })] })
const message = 'Who was charged twice in October 2026?'
const session = await runtime.start('charge-audit', { message, commandId: values.name })
const { text, spent } = await runtime.result(session)
console.log(text)
console.log(`${spent.inputTokens} tokens of prompts, for ${spent.calls} calls`)
await runtime.stop()
await store.close()
