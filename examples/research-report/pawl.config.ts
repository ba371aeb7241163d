/** For the command line in this folder: `npm run pawl -- show last`, `pawl plan check plan.json`, `pawl trace last`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'pawl/cli'
import { researchReport } from './agent.ts'
import { documentsIn } from './documents.ts'
import { scriptedResearchers } from './model.ts'

const documents = documentsIn(fileURLToPath(new URL('../..', import.meta.url)))
const reports = fileURLToPath(new URL('./.pawl', import.meta.url))

export const config = defineConfig({
  store: '.pawl/pawl.db',
  agents: [researchReport({ documents, reports, model: scriptedResearchers() })],
})
