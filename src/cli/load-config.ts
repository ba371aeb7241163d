/** Finds and reads `pawl.config.ts`. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from './config.ts'
import { CliError, usageError } from './errors.ts'

export type LoadedConfig = { readonly config: Config; readonly path: string; readonly folder: string }

const NAMES = ['pawl.config.ts', 'pawl.config.mts', 'pawl.config.js', 'pawl.config.mjs']

/** The one that was named, else the nearest one from the folder upwards; null: there is none. */
export async function loadConfig(named: string | undefined, folder: string): Promise<LoadedConfig | null> {
  const path = named === undefined ? nearest(folder) : resolve(folder, named)
  if (path === null) return null
  if (!existsSync(path)) throw usageError(`expected a configuration at ${path}; found no such file`)
  return { config: checked(await evaluate(path), path), path, folder: dirname(path) }
}

export function noConfig(folder: string): CliError {
  const example = "export const config = defineConfig({ store: '.pawl/pawl.db', agents: [] })"
  return usageError(
    `expected pawl.config.ts in ${folder} or a folder above it; found none. Write one that exports \`config\` (import { defineConfig } from 'pawl/cli'; ${example}), or name it with --config.`,
  )
}

function nearest(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).find(existsSync)
    if (found !== undefined) return found
    if (dirname(at) === at) return null
  }
}

async function evaluate(path: string): Promise<unknown> {
  try {
    const exported: unknown = await import(pathToFileURL(path).href)
    if (typeof exported !== 'object' || exported === null) return undefined
    if ('config' in exported) return exported.config
    return 'default' in exported ? exported.default : undefined
  } catch (problem) {
    const found = problem instanceof Error ? problem.message : String(problem)
    const error = new CliError('config_failed', `expected ${path} to load; found: ${found}`, 'usage')
    error.cause = problem
    throw error
  }
}

function checked(exported: unknown, path: string): Config {
  const wrong = (found: string) =>
    usageError(`expected ${path} to export \`config\`, made with defineConfig({ store, agents }); found ${found}`)
  if (typeof exported !== 'object' || exported === null)
    throw wrong(exported === undefined ? 'no such export' : typeof exported)
  if (!('agents' in exported) || !Array.isArray(exported.agents)) throw wrong('no list of agents in it')
  const stranger = exported.agents.find((agent) => !isAgent(agent))
  if (stranger !== undefined) throw wrong('an agent in it that was not made with agent({ … })')
  const names = exported.agents.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw wrong(`two agents named ${twice}`)
  // What is read of it was checked above; the rest is checked by whoever takes it.
  return exported as Config
}

function isAgent(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'terms' in value && 'tools' in value
}
