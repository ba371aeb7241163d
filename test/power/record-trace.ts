/** Runs the writer under strace. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TRACED } from './steps.ts'
import { readTrace, type Trace } from './trace.ts'
import { FOLDERS, STORE_FILE, type WriterOrders } from './writer-orders.ts'

/** More than any write of the store. */
const LARGEST_STRING = 64 * 1_024 * 1_024
const MAX_WRITER_MS = 120_000

/** Why nothing can be traced here, or null. */
export function whyNoTrace(): string | null {
  if (spawnSync('strace', ['-V']).status !== 0) return 'strace is not installed'
  const tried = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  return tried.status === 0 ? null : 'strace may not trace here'
}

/** `folder` is made and removed. */
export async function recordTrace(folder: string, orders: Omit<WriterOrders, 'storePath'>): Promise<Trace> {
  const rootPath = join(folder, 'disk')
  const storePath = join(rootPath, ...FOLDERS, STORE_FILE)
  const tracePath = join(folder, 'trace')
  mkdirSync(rootPath, { recursive: true })
  try {
    await runWriter(tracePath, { ...orders, storePath })
    return readTrace(readFileSync(tracePath, 'latin1'), { rootPath, storePath })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runWriter(tracePath: string, orders: WriterOrders): Promise<void> {
  const strace = ['-f', '-qq', '--seccomp-bpf', '-xx', '-s', String(LARGEST_STRING), '-o', tracePath]
  const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))
  const node = [process.execPath, '--conditions=pawl-source', '--no-warnings', worker, JSON.stringify(orders)]
  const child = spawn('strace', [...strace, '-e', `trace=${TRACED.join()}`, ...node], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Writes that go through a ring are in no trace.
    env: { ...process.env, UV_USE_IO_URING: '0' },
    timeout: MAX_WRITER_MS,
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('close', resolve)
  const code = await promise
  if (code !== 0)
    throw new Error(`expected the writer to end well, found exit code ${code}: ${complaints.slice(-2_000)}`)
}
