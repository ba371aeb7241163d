/** The store that a command works on: the one named on the command line, else the configuration's. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Store } from '../index.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { CliError } from './errors.ts'
import type { LoadedConfig } from './load-config.ts'

export const DEFAULT_STORE = '.pawl/pawl.db'

export type OpenedStore = {
  readonly store: Store
  /** The file, where it is known. */
  readonly path: string | null
}

export async function openStore(
  named: string | undefined,
  loaded: LoadedConfig | null,
  folder: string,
): Promise<OpenedStore> {
  const configured = loaded?.config.store ?? DEFAULT_STORE
  if (named !== undefined) return openFile(resolve(folder, named))
  if (typeof configured === 'string') return openFile(resolve(loaded?.folder ?? folder, configured))
  const store = await configured()
  if (typeof store?.read !== 'function') {
    throw new CliError(
      'config_failed',
      'expected `store` of the configuration to return a store; found something else',
      'usage',
    )
  }
  return { store, path: null }
}

function openFile(path: string): OpenedStore {
  mkdirSync(dirname(path), { recursive: true })
  return { store: sqliteStore(path), path }
}
