import type { Command } from 'commander'
import { defaultLimits, type Limits } from '../../index.ts'
import type { GlobalOptions } from '../app.ts'
import type { Cli } from '../cli.ts'
import { attempt, bad, type Check, ok } from '../doctor/check.ts'
import { checkAgents } from '../doctor/check-agents.ts'
import { checkLogs } from '../doctor/check-logs.ts'
import { checkDisk, checkNode, diskOf } from '../doctor/check-machine.ts'
import { checkSecrets } from '../doctor/check-secrets.ts'
import { checkSessions } from '../doctor/check-sessions.ts'
import { checkStore } from '../doctor/check-store.ts'
import { examples } from '../help.ts'
import { type LoadedConfig, loadConfig } from '../load-config.ts'
import { openStore } from '../open-store.ts'
import { renderDoctor } from '../render/doctor.ts'
import { typedIn } from '../typed-in.ts'

/** Looks at everything that has to hold before agents are let loose. */
export function addDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .summary('check the machine, the configuration and the store')
    .description(
      'Checks Node, the configuration, the agents, the store and its sessions, and says what to do. Exits with 4 where something does not hold; warnings alone exit with 0.',
    )
    .addHelpText('after', examples(cli, ['pawl doctor', 'pawl doctor --json | jq "select(.stands != \\"ok\\")"']))
    .action(
      cli.bareAction(async ({ options }) => {
        const { terminal } = cli
        const checks = await allChecks(options)
        if (options.json === true) for (const check of checks) terminal.out(JSON.stringify(check))
        else for (const line of renderDoctor(checks, terminal)) terminal.out(line)
        return checks.some(({ stands }) => stands === 'bad') ? 'unsound' : 'ok'
      }),
    )
}

async function allChecks(options: GlobalOptions): Promise<readonly Check[]> {
  const from = typedIn()
  let loaded: LoadedConfig | null = null
  const config = await attempt(
    'configuration',
    'Mend the file; --debug with another command shows where.',
    async () => {
      loaded = await loadConfig(options.config, from)
      if (loaded !== null) process.chdir(loaded.folder)
      if (loaded !== null) return [ok('configuration', loaded.path)]
      return [
        bad(
          'configuration',
          `no pawl.config.ts in ${from} or above`,
          'Write one that exports `config`, made with defineConfig({ store, agents }).',
        ),
      ]
    },
  )
  // Assigned inside the attempt above, which the compiler does not follow.
  const found = loaded as LoadedConfig | null
  const limits: Limits = { ...defaultLimits, ...found?.config.limits }
  const agents = found === null ? [] : checkAgents(found.config.agents, limits)
  return [
    checkNode(process.versions.node),
    ...config,
    ...agents,
    ...(found === null ? [] : await checkSecrets(found.config.agents, found.config.secrets, limits)),
    ...(await storeChecks(options, { found, from, limits })),
  ]
}

type Found = { readonly found: LoadedConfig | null; readonly from: string; readonly limits: Limits }

async function storeChecks(options: GlobalOptions, { found, from, limits }: Found): Promise<readonly Check[]> {
  if (found === null && options.store === undefined) return []
  return attempt('store', 'Nothing was changed. Name another with --store.', async () => {
    const { store, path } = await openStore(options.store, found, from)
    try {
      const advice = 'pawl doctor --debug'
      const disk = diskOf(store)
      return [
        ...(await attempt('store', advice, () => checkStore(store, path, limits))),
        ...(await attempt('disk', advice, () => checkDisk(disk?.path ?? path, disk?.reserveBytes))),
        ...(await attempt('sessions', advice, () => checkSessions(store, found?.config.agents ?? []))),
        ...(await attempt('logs', 'pawl verify', () => checkLogs(store))),
      ]
    } finally {
      await store.close()
    }
  })
}
