/** What the shell is offered besides commands and options: names of agents and sessions, read before the program is built. */
import type { RootCommand } from '@bomb.sh/tab'
import type { GlobalOptions } from './app.ts'
import { loadConfig } from './load-config.ts'
import { openStore } from './open-store.ts'
import { shortId } from './session-name.ts'

export type Completions = {
  readonly agents: readonly string[]
  /** Short ids, with their status. */
  readonly sessions: readonly (readonly [name: string, status: string])[]
}

export const noCompletions: Completions = { agents: [], sessions: [] }

const MAX_SESSIONS = 30

/** Never fails: without a configuration there is just less to offer. */
export async function readCompletions(options: GlobalOptions, folder: string): Promise<Completions> {
  try {
    const loaded = await loadConfig(options.config, folder)
    if (loaded === null) return noCompletions
    process.chdir(loaded.folder)
    const agents = loaded.config.agents.map(({ name }) => name)
    const { store } = await openStore(options.store, loaded, folder)
    const heads = await store.sessions({ limit: MAX_SESSIONS })
    await store.close()
    return {
      agents,
      sessions: [
        ['last', 'the newest'],
        ...heads.map(({ sessionId, status }) => [shortId(sessionId), status] as const),
      ],
    }
  } catch {
    return noCompletions
  }
}

export function completeArguments(root: RootCommand, { agents, sessions }: Completions): void {
  for (const command of root.commands.values()) {
    const agent = command.arguments.get('agent')
    if (agent !== undefined) agent.handler = (complete) => agents.forEach((name) => void complete(name, ''))
    const session = command.arguments.get('session')
    if (session !== undefined)
      session.handler = (complete) => sessions.forEach(([name, status]) => void complete(name, status))
  }
}
