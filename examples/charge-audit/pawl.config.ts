import { defineConfig } from 'pawl/cli'
import { chargeAudit } from './agent.ts'
import { scriptedAuditor } from './model.ts'

export const config = defineConfig({ store: '.pawl/pawl.db', agents: [chargeAudit({ model: scriptedAuditor() })] })
