/** The module of the isolated tools of these tests: does what its input says. */
import { closeSync, writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { type ToolContext, ToolError, type Verification } from '../../src/ports/index.ts'
import { frameOf, MESSAGES_FD } from '../../src/runtime/isolated/frames.ts'

type IsolatedInput = {
  readonly deed: string
  readonly megabytes?: number
  readonly ms?: number
  /** Of a secret. */
  readonly name?: string
}

class Odd {
  readonly x = 1
}

const deeds = {
  echo: (_: IsolatedInput, context: ToolContext) => {
    const { signal, ...rest } = context
    return { pid: process.pid, isAborted: signal.aborted, members: Object.keys(rest).sort() }
  },
  key: (_: IsolatedInput, { idempotencyKey }: ToolContext) => idempotencyKey,
  asks: (_: IsolatedInput, context: ToolContext) => {
    // A function that a test puts into the context.
    const { twice } = context as ToolContext & { twice(n: number): Promise<number> }
    return twice(21)
  },
  secret: async ({ name = '' }: IsolatedInput, { secret }: ToolContext) => {
    const value = await secret(name)
    return { letters: value.length, value }
  },
  /** An artifact by its name, or the first of the session. */
  reads: async ({ name }: IsolatedInput, { artifact, artifacts }: ToolContext) => {
    const entries = await artifacts()
    const { content, hash } = await artifact(name ?? entries[0]?.id ?? '')
    return { entries, hash, characters: typeof content === 'string' ? content.length : -1 }
  },
  large: ({ megabytes = 50 }: IsolatedInput) => 'x'.repeat(megabytes * 1_000_000),
  function: () => ({ f: () => 1 }),
  bigint: () => ({ n: 1n }),
  map: () => new Map([[1, 2]]),
  instance: () => new Odd(),
  cycle: () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    return cycle
  },
  nested: () => Array.from({ length: 100_000 }).reduce((inner) => [inner], 1),
  throws: () => {
    throw new Error('no connection')
  },
  refuses: () => {
    throw new ToolError('refused at the door', { retryable: true, tookEffect: false })
  },
  final: () => {
    throw new ToolError('no such account')
  },
  nothing: () => {
    throw undefined
  },
  exits: () => process.exit(3),
  dies: () => process.kill(process.pid, 'SIGSEGV'),
  aborts: () => process.abort(),
  leaks: async ({ ms = 5_000 }: IsolatedInput) => {
    void Promise.reject(new Error('leaked'))
    await after(ms)
    return 'survived'
  },
  throws_later: async ({ ms = 5_000 }: IsolatedInput) => {
    setTimeout(() => {
      throw new Error('thrown by a timer')
    }, 1)
    await after(ms)
    return 'survived'
  },
  disconnects: async ({ ms = 5_000 }: IsolatedInput) => {
    closeSync(MESSAGES_FD)
    await after(ms)
  },
  /** What is no whole answer, and then an answer. */
  forges: async () => {
    const forged = { type: 'threw', message: 'x' }
    if (parentPort === null) writeSync(MESSAGES_FD, frameOf(forged))
    else parentPort.postMessage(forged)
    await after(50)
    return 'honest'
  },
  garbles: async ({ ms = 5_000 }: IsolatedInput) => {
    writeSync(MESSAGES_FD, Buffer.from([0, 0, 0, 8, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 4, 1, 2, 3, 4]))
    await after(ms)
  },
  /** Says that a message of almost a gigabyte comes, more than its process may hold. */
  boasts: async ({ ms = 5_000 }: IsolatedInput) => {
    writeSync(MESSAGES_FD, Buffer.from([0x3f, 0xff, 0xff, 0xf0]))
    await after(ms)
  },
  hoards: () => {
    const hoard: unknown[] = []
    for (;;) hoard.push(new Array(10_000).fill(hoard.length))
  },
  /** Blocks its loop, and never ends. */
  // Its loop never comes round, at no cost to what runs beside it: a loop that takes all of a core is in `worker-spin-tool`.
  spins: () => {
    const nobody = new Int32Array(new SharedArrayBuffer(4))
    for (;;) Atomics.wait(nobody, 0, 0, 1)
  },
  never: () => new Promise(() => setInterval(() => {}, 1_000)),
  obeys: (_: IsolatedInput, { signal }: ToolContext) =>
    new Promise((_resolve, reject) => {
      hear(signal, () => reject(new ToolError(`stopped: ${signal.reason.message}`, { tookEffect: false })))
    }),
  bad_listener: (_: IsolatedInput, { signal }: ToolContext) =>
    new Promise(() => {
      hear(signal, () => {
        throw new Error('thrown by a listener')
      })
    }),
  answers_and_stays: () => {
    setInterval(() => {}, 1_000)
    return 'answered'
  },
}

/** Also where the abort has come before the tool began. Keeps the loop alive until then. */
function hear(signal: AbortSignal, listener: () => void): void {
  setInterval(() => {}, 1_000)
  if (signal.aborted) setImmediate(listener)
  else signal.addEventListener('abort', listener)
}

export function run(input: IsolatedInput, context: ToolContext): unknown {
  const deed = Object.entries(deeds).find(([name]) => name === input.deed)?.[1]
  if (deed === undefined) throw new ToolError(`no deed ${input.deed}`)
  return deed(input, context)
}

/** What its session says of itself. */
export function verify(
  key: string,
  { context, input }: ToolContext & { readonly input: IsolatedInput },
): Verification<unknown> {
  const { verify: answer = 'unknown' } = context
  if (answer === 'yes') return { tookEffect: true, output: { key, deed: input.deed } }
  if (answer === 'no') return { tookEffect: false }
  if (answer === 'exit') process.exit(4)
  return { tookEffect: 'unknown', message: 'cannot tell' }
}
