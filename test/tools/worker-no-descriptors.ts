/** Calls beside a runtime that has used up its file descriptors, as `ulimit -n` allows them: what came of each, as JSON on stdout. */
import { closeSync, openSync } from 'node:fs'
import type { IsolatedAnswer } from '../../src/runtime/isolated/messages.ts'
import { startIsolated } from '../../src/runtime/isolated/start.ts'

const isolation = process.argv[2] === 'worker' ? 'worker' : 'process'
const held: number[] = []

async function answerOf(): Promise<IsolatedAnswer> {
  const { answer, end } = startIsolated(
    { isolation, module: new URL('./worker-tool.ts', import.meta.url) },
    {
      call: 'run',
      input: { deed: 'key' },
      // The tool reads nothing else of its context.
      context: { signal: new AbortController().signal, idempotencyKey: 'k', context: {} } as never,
      memoryBytes: 134_217_728,
      startWithinMs: null,
      endWithinMs: null,
    },
  )
  const answered = await answer
  await end()
  return answered
}

function takeAll(): void {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'))
  } catch {
    // None is left.
  }
}

function release(count: number): void {
  for (const descriptor of held.splice(0, count)) closeSync(descriptor)
}

takeAll()
const without = await answerOf()
release(2)
const withFew = await answerOf()
release(held.length)
console.log(JSON.stringify([without, withFew, await answerOf()]))
