/** For the command line in this folder: `npm run pawl -- show last`, `pawl approvals`, `pawl plan check plan.json`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'pawl/cli'
import { codeReview } from './agent.ts'
import { scriptedReviewers } from './model.ts'
import { repositoryAt } from './repository.ts'
import { saved } from './start-options.ts'

const repository = repositoryAt(fileURLToPath(new URL('../..', import.meta.url)), saved)
const reviews = fileURLToPath(new URL('./.pawl', import.meta.url))

export const config = defineConfig({
  store: '.pawl/pawl.db',
  agents: [codeReview({ repository, reviews, model: scriptedReviewers() })],
})
