/** For the command line: `pawl run support-triage "I was charged twice (account acct_1001)"` in this folder, or with `--config`. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { supportTriage } from './agent.ts'
import { modelFor } from './model.ts'
import { openWorld } from './world/open-world.ts'

const folder = fileURLToPath(new URL('./.pawl/', import.meta.url))
mkdirSync(folder, { recursive: true })
const world = openWorld(`${folder}world.db`)
process.once('exit', () => world.close())

export const config = {
  store: '.pawl/pawl.db',
  agents: [supportTriage({ world, model: await modelFor(process.env) })],
}
