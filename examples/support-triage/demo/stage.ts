/** Where the demo plays: its folder, its model, and a runtime over a world. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRuntime, type Limits, type Model, type Runtime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { supportTriage } from '../agent.ts'
import { openWorld, type World } from '../world/open-world.ts'

export type Stage = {
  /** Absolute. */
  readonly folder: string
  /** The file of all sessions of the demo. */
  readonly sessionsPath: string
  readonly model: Model
  /** Questions are answered with yes. */
  readonly assumeYes: boolean
}

/** Workers notice each other sooner than by default, so that nobody waits for a demo. */
export const demoLimits: Partial<Limits> = { noticeMs: 50 }

export const customers = {
  under: { id: 'billing@mapleandrye.example', accountId: 'acct_1001' },
  over: { id: 'accounts@northgate.example', accountId: 'acct_1002' },
} as const

export function complaintOf(accountId: string): string {
  return `I was charged twice and your docs didn't help (account ${accountId})`
}

/** An empty folder: what an earlier demo has left is removed. */
export function prepareFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}

export function worldPath({ folder }: Stage, name: string): string {
  return join(folder, `world-${name}.db`)
}

/** Lets the command line look at the demo's sessions, and go on with them, over one of its worlds. */
export function writeConfig(stage: Stage, worldName: string): string {
  const path = join(stage.folder, 'pawl.config.ts')
  const from = (file: string) => JSON.stringify(fileURLToPath(new URL(`../${file}`, import.meta.url)))
  const lines = [
    `import { supportTriage } from ${from('agent.ts')}`,
    `import { modelFor } from ${from('model.ts')}`,
    `import { openWorld } from ${from('world/open-world.ts')}`,
    `const world = openWorld(${JSON.stringify(worldPath(stage, worldName))})`,
    "process.once('exit', () => world.close())",
    'const agents = [supportTriage({ world, model: await modelFor(process.env) })]',
    `export const config = { store: ${JSON.stringify(stage.sessionsPath)}, agents }`,
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

export type Open = { readonly runtime: Runtime; readonly world: World; close(): Promise<void> }

/** A runtime over the demo's sessions and a world of its own. `drives: false`: it sends and watches, and leaves the work to workers. */
export function openRuntime(stage: Stage, worldName: string, { drives }: { readonly drives: boolean }): Open {
  const store = sqliteStore(stage.sessionsPath)
  const world = openWorld(worldPath(stage, worldName))
  const runtime = createRuntime({
    store,
    agents: [supportTriage({ world, model: stage.model })],
    limits: demoLimits,
    ...(!drives && { engine: null }),
  })
  const close = async () => {
    await runtime.stop()
    await store.close()
    world.close()
  }
  return { runtime, world, close }
}
