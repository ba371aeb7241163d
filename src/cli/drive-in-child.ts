/** Drives one session in a process of its own, so that one that kills its worker kills nothing else. */
import { spawn } from 'node:child_process'
import type { SessionRef } from '../ports/index.ts'
import type { App } from './app.ts'

/** Resolves when that process has ended, however it ended; what became of the session stands in the log. */
export function driveInChild(app: App, signal: AbortSignal): (session: SessionRef) => Promise<void> {
  const { terminal, loaded, storePath, options } = app
  const named = [
    ...(loaded === null ? [] : ['--config', loaded.path]),
    ...(options.store === undefined || storePath === null ? [] : ['--store', storePath]),
  ]
  return ({ tenant, sessionId }) => {
    const entry = process.argv[1] ?? ''
    const args = [...process.execArgv, entry, 'work', '--session', sessionId, '--tenant', tenant, '--json', ...named]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const drain = () => child.kill('SIGTERM')
    signal.addEventListener('abort', drain)
    return new Promise((resolve) => {
      const ended = (how: string) => {
        signal.removeEventListener('abort', drain)
        if (how !== '')
          terminal.note(terminal.noteStyle.yellow(`The process that drove session ${sessionId} alone ${how}.`))
        resolve()
      }
      child.once('error', (problem) => ended(`could not be started: ${problem.message}`))
      child.once('exit', (_, killedBy) => ended(killedBy === null ? '' : `was killed by ${killedBy}`))
    })
  }
}
