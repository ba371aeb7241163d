/** The side of a call that runs beside the runtime: loads the module, calls it once, says what came of it. */
import { admit } from '../../core/border.ts'
import { problemText } from '../problem-text.ts'
import { type Ends, whyNot } from './ends.ts'
import type { Asked, IsolatedAnswer } from './messages.ts'
import { thrownError, thrownOf } from './thrown.ts'

/** How deep an output may nest is the runtime's to say; this only keeps the walk itself within the stack. */
const MAX_DEPTH = 1_000

/** Answers the one call that this side was made for. */
export function serveCall(ends: Ends): void {
  const { send, onMessage } = ends
  const controller = new AbortController()
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let requests = 0
  const request = (method: string, args: readonly unknown[]): Promise<unknown> => {
    requests += 1
    const id = requests
    const answered = Promise.withResolvers<unknown>()
    waiting.set(id, answered)
    send({ type: 'request', id, method, args })
    return answered.promise
  }
  const take = (id: number) => {
    const answered = waiting.get(id)
    waiting.delete(id)
    return answered
  }
  onMessage((message) => {
    switch (message.type) {
      case 'begin':
        return void answerTo(message, { ends, signal: controller.signal, request }).then(send)
      case 'abort':
        return controller.abort(new Error(message.message))
      case 'reply':
        return take(message.id)?.resolve(message.value)
      case 'refusal':
        return take(message.id)?.reject(thrownError(message))
    }
  })
}

type Rebuilt = {
  readonly ends: Ends
  readonly signal: AbortSignal
  readonly request: (method: string, args: readonly unknown[]) => Promise<unknown>
}

async function answerTo(asked: Asked, rebuilt: Rebuilt): Promise<IsolatedAnswer> {
  let exported: unknown
  const refusal = rebuilt.ends.refusal(asked.bounds)
  if (refusal !== null) return { type: 'not_started', message: refusal }
  try {
    const module: Readonly<Record<string, unknown>> = await import(asked.module)
    exported = module[asked.call]
  } catch (problem) {
    return { type: 'unusable', message: `${asked.module} cannot be loaded: ${problemText(problem)}` }
  }
  if (asked.call === 'verify' && exported === undefined)
    return { type: 'verified', tookEffect: 'unknown', message: `${asked.module} exports no verify` }
  if (typeof exported !== 'function')
    return {
      type: 'unusable',
      message: `expected ${asked.module} to export a function \`${asked.call}\`, found ${typeof exported}`,
    }
  const message = await whyNot(rebuilt.ends, asked.bounds)
  if (message !== null) return { type: 'not_started', message }
  // Nothing is awaited between that answer and the tool.
  try {
    return asked.call === 'run'
      ? outputOf(await exported(asked.input, contextOf(asked, rebuilt)))
      : verifiedOf(
          await exported(asked.context['idempotencyKey'], { ...contextOf(asked, rebuilt), input: asked.input }),
        )
  } catch (problem) {
    return { type: 'threw', ...thrownOf(problem) }
  }
}

function contextOf({ context, methods }: Asked, { signal, request }: Rebuilt): object {
  const asking = methods.map((method) => [method, (...args: readonly unknown[]) => request(method, args)])
  return { ...context, ...Object.fromEntries(asking), signal }
}

/** Made plain here, so that what cannot cross is told with its place, as it is for a tool inside the runtime. */
function outputOf(output: unknown): IsolatedAnswer {
  const admitted = admit(output, { maxDepth: MAX_DEPTH, maxBytes: Number.MAX_SAFE_INTEGER }, 'repair')
  if (admitted.type === 'problem') return { type: 'unreadable', problem: admitted.problem }
  return { type: 'output', output: admitted.value }
}

function verifiedOf(answer: unknown): IsolatedAnswer {
  if (typeof answer !== 'object' || answer === null || !('tookEffect' in answer))
    return { type: 'verified', tookEffect: 'unknown', message: 'verify answered with what is no verification' }
  if (answer.tookEffect === true) return outputOf('output' in answer ? answer.output : undefined)
  if (answer.tookEffect === false) return { type: 'verified', tookEffect: false }
  const message = 'message' in answer && typeof answer.message === 'string' ? { message: answer.message } : {}
  return { type: 'verified', tookEffect: 'unknown', ...message }
}
