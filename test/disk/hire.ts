/** Starts a worker and listens to it. One that mounts disks gets a mount namespace, so that nothing of it outlives the process. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Order, PlayedRound, Said } from './orders.ts'

export type Played = Extract<Said, { readonly type: 'played' }>

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))
const node = [process.execPath, '--conditions=pawl-source', '--no-warnings', worker]
const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['-r']), '-m', '--propagation', 'private']
/** Of what a worker complained of, characters. */
const MOST_TOLD = 4_000
/** A worker that says nothing for so long hangs: a round takes a fraction of it, with others beside it. */
const MOST_SILENT_MS = 120_000
const PROBE_MS = 30_000
const REFUSED = /operation not permitted|permission denied|must be superuser/i
/** Where `user.max_user_namespaces` is 0, and of a kernel without such namespaces. From `mount` the same words say something else. */
const NO_NAMESPACES = /^unshare: unshare failed: (no space left on device|invalid argument)$/im

/** `refused` and `missing` are the machine's own limits; anything else says nothing about whether a disk may be mounted. */
export type Mounting =
  | { readonly type: 'works' | 'refused' | 'missing' }
  | { readonly type: 'failed'; readonly why: string }

/** In English, which is what `readProbe` reads. */
export function tryMount(folder = tmpdir()): Mounting {
  const [command = '', ...rest] = [...unshare, 'mount', '-t', 'tmpfs', '-o', 'size=65536', 'tmpfs', folder]
  const env = { ...process.env, LC_ALL: 'C' }
  return readProbe(spawnSync(command, rest, { timeout: PROBE_MS, encoding: 'utf8', env }))
}

type Probe = Pick<SpawnSyncReturns<string>, 'status' | 'error' | 'stderr'>

export function readProbe({ status, error, stderr }: Probe): Mounting {
  if (status === 0) return { type: 'works' }
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return { type: 'missing' }
  if (error === undefined && (REFUSED.test(stderr) || NO_NAMESPACES.test(stderr))) return { type: 'refused' }
  return { type: 'failed', why: error?.message ?? stderr.trim() }
}

/** `problem`: how the worker ended where it should not have, and with which rounds open. */
export type Hired = { readonly played: readonly Played[]; readonly problem: string | null }

/** The folder is made and removed here, so that nothing stays of a worker that ends early. */
export async function hire(order: Omit<Order, 'folder'>): Promise<Hired> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
  try {
    return await listen({ ...order, folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function listen(order: Order): Promise<Hired> {
  const [command = '', ...rest] = [...(order.variant === 'disk' ? unshare : []), ...node, JSON.stringify(order)]
  const env = { ...process.env, TMPDIR: order.folder }
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env })
  let out = ''
  let errors = ''
  return new Promise((resolve) => {
    function end(how: string | null): void {
      clearTimeout(silent)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve(
        toHired(out, how === null && errors === '' ? null : `${how ?? 'complained'}: ${errors.slice(0, MOST_TOLD)}`),
      )
    }
    const silent = setTimeout(() => {
      child.kill('SIGKILL')
      end(`said nothing for ${MOST_SILENT_MS} ms`)
    }, MOST_SILENT_MS)
    child.stdout.on('data', (bytes) => {
      out += bytes
      silent.refresh()
    })
    child.stderr.on('data', (bytes) => {
      errors += bytes
    })
    child.once('error', (problem) => end(`could not be started, ${problem.message}`))
    child.once('close', (code, signal) => end(code === 0 ? null : `ended with ${signal ?? code}`))
  })
}

function toHired(out: string, problem: string | null): Hired {
  // The worker is ours: its whole lines are what `orders.ts` says. One that was killed may leave half of one.
  const lines = out.slice(0, out.lastIndexOf('\n') + 1).split('\n')
  const said = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Said)
  const played = said.filter((each) => each.type === 'played')
  const last = said.at(-1)
  if (problem === null && last?.type === 'done') {
    const count = played.filter(({ round }) => round.plant === null).length
    return { played, problem: count === last.rounds ? null : `played ${count} of ${last.rounds} rounds` }
  }
  const over = new Set(played.map(({ round }) => JSON.stringify(round)))
  const open = said.flatMap((each) =>
    each.type === 'began' && !over.has(JSON.stringify(each.round)) ? [each.round] : [],
  )
  return { played, problem: `${problem ?? 'ended early'}; open: ${open.map(nameOf).join('; ') || 'no round'}` }
}

export function nameOf({ step, mode, seed, plant }: PlayedRound): string {
  const where = `${seed === null ? `step ${step}` : `seed ${seed}`}, ${mode}`
  return plant === null ? where : `${where}, with the mistake ${plant}`
}
