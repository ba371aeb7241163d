/** For the command line in this folder: `npm run pawl -- show last`, `pawl plan check plan.json`, `pawl trace last`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'pawl/cli'
import { dataPipeline } from './agent.ts'
import { filesOf } from './files.ts'
import { scriptedSteward } from './model.ts'

const files = filesOf(fileURLToPath(new URL('.', import.meta.url)))

export const config = defineConfig({
  store: '.pawl/pawl.db',
  agents: [dataPipeline({ files, model: scriptedSteward() })],
})
