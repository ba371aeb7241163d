/** Starts a worker and listens to it. One that mounts disks gets a mount namespace, so that nothing of it outlives the process. */
import { spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Order, Said } from './orders.ts'

export type Played = Extract<Said, { readonly type: 'played' }>

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))
const node = [process.execPath, '--conditions=pawl-source', '--no-warnings', worker]
const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['-r']), '-m', '--propagation', 'private']
/** Of what a worker complained of, characters. */
const MOST_TOLD = 4_000

export function canMount(): boolean {
  const [command = '', ...rest] = [...unshare, 'mount', '-t', 'tmpfs', '-o', 'size=65536', 'tmpfs', tmpdir()]
  return spawnSync(command, rest).status === 0
}

/** `problem`: how the worker ended where it should not have. */
export type Hired = { readonly played: readonly Played[]; readonly problem: string | null }

export function hire(order: Order): Promise<Hired> {
  const [command = '', ...rest] = [...(order.variant === 'disk' ? unshare : []), ...node, JSON.stringify(order)]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  child.stdout.on('data', (bytes) => {
    out += bytes
  })
  child.stderr.on('data', (bytes) => {
    errors += bytes
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{'))
      // The worker is ours: its lines are what `orders.ts` says.
      const said = lines.map((line) => JSON.parse(line) as Said)
      const isWell = code === 0 && errors === '' && said.at(-1)?.type === 'done'
      const problem = isWell ? null : `ended with ${signal ?? code}: ${errors.slice(0, MOST_TOLD)}`
      resolve({ played: said.filter((each) => each.type === 'played'), problem })
    })
  })
}
