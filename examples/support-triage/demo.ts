/**
 * `npm run demo`: both business pathways of support triage, and a kill -9 in the middle of a refund.
 * `--yes` answers every question with yes; `--folder <path>` puts the files elsewhere. Ends with 1 if a refund was lost or doubled.
 */
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Model } from 'pawl'
import { InterruptedError } from './demo/confirm.ts'
import { killInRefund, killTitle } from './demo/kill.ts'
import { overThreshold, underThreshold } from './demo/pathways.ts'
import { gap, say, title } from './demo/screen.ts'
import { prepareFolder, type Stage, writeConfig } from './demo/stage.ts'
import { modelFor } from './model.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

const { values } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(project, '.pawl/demo') },
  },
})

await main().catch((problem: unknown) => {
  if (!(problem instanceof InterruptedError)) throw problem
  gap()
  say('stopped', 'nothing is lost: the session waits for its answer', 'warn')
  process.exit(130)
})

async function main(): Promise<void> {
  const folder = resolve(values.folder)
  const stage: Stage = {
    folder,
    sessionsPath: join(folder, 'sessions.db'),
    model: await modelFor(process.env),
    assumeYes: values.yes || !process.stdin.isTTY,
  }
  prepareFolder(folder)
  greet(stage.model)
  await underThreshold(stage)
  await overThreshold(stage)
  killTitle()
  const before = await killInRefund(stage, 'before_write')
  const after = await killInRefund(stage, 'after_write')
  if (!before.isOneCase || !after.isOneCase) process.exitCode = 1
  farewell(writeConfig(stage, after.worldName), after.sessionId)
}

function greet({ id, isScripted }: Model): void {
  gap()
  say('pawl', 'support triage, end to end', 'strong')
  const key = 'with OPENAI_API_KEY, ANTHROPIC_API_KEY or GOOGLE_GENERATIVE_AI_API_KEY a real model answers'
  say('model', isScripted === true ? `${id}: written down beforehand, no provider is asked; ${key}` : id)
  if (!values.yes && !process.stdin.isTTY)
    say('answers', 'there is no terminal to ask at, so every question is answered with yes', 'warn')
}

function farewell(configPath: string, sessionId: string): void {
  title('Look at the killed session')
  const flags = `--config ${relative(process.cwd(), configPath)}`
  for (const command of [`trace ${sessionId}`, `why ${sessionId}`, 'approvals', `verify ${sessionId}`, 'doctor']) {
    console.log(`  npm run pawl -- ${command} ${flags}`)
  }
  gap()
}
