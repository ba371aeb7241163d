/** The payer of another deploy, which marks nothing. */
import { defineConfig } from 'pawl/cli'
import { payerMarked } from './payer.config.ts'

export const config = defineConfig({ by: 'ada', agents: [payerMarked([])], keptPatterns: ['github_token'] })
