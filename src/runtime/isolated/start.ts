/** One call of a tool that runs beside the runtime: a fresh thread or process, ended with the call. */
import type { Json } from '../../core/index.ts'
import type { AnyTool, Isolated, ToolContext } from '../../ports/index.ts'
import { problemText } from '../problem-text.ts'
import { boundsOf, type Spans } from './bounds.ts'
import { type Heard, openProcess, openThread, entry as shippedEntry } from './channels.ts'
import { type IsolatedAnswer, isAnswer, isRequest, splitContext, type ToTool } from './messages.ts'
import { thrownOf } from './thrown.ts'

export type IsolatedCall = {
  readonly call: 'run' | 'verify'
  readonly input: Json
  /** Its functions are called here, on behalf of the other side. */
  readonly context: ToolContext
  /** For the heap of the other side. */
  readonly memoryBytes: number
} & Spans

export type RunningCall = {
  /** Never rejects, and stays open where `end` came before an answer. The thread or process is ended as soon as it has answered. */
  readonly answer: Promise<IsolatedAnswer>
  /** Ends it, whatever it does; resolves when it is gone. */
  end(): Promise<void>
}

/** `entry`: the program of the other side; tests plant another. */
export function startIsolated(place: Isolated, call: IsolatedCall, entry: URL = shippedEntry): RunningCall {
  try {
    return begin(place, call, entry)
  } catch (problem) {
    const message = `there was no room for its ${place.isolation}: ${problemText(problem)}`
    return { answer: Promise.resolve({ type: 'not_started', message }), end: async () => {} }
  }
}

function begin({ isolation, module }: Isolated, asked: IsolatedCall, entry: URL): RunningCall {
  const { call, input, context, memoryBytes } = asked
  const answered = Promise.withResolvers<IsolatedAnswer>()
  const gone = Promise.withResolvers<void>()
  const { signal } = context
  let isEnded = false
  const heard: Heard = {
    message: (message) => {
      if (isRequest(message)) return void reply(context, message, channel.send)
      if (!isAnswer(message)) return
      answered.resolve(message)
      channel.kill()
    },
    ended: (message, hasBegun) => {
      signal.removeEventListener('abort', onAbort)
      // Whoever has ended it knows why, and waits for no answer.
      if (!isEnded) answered.resolve({ type: hasBegun ? 'ended' : 'not_started', message })
      gone.resolve()
    },
  }
  const end = (): Promise<void> => {
    isEnded = true
    channel.kill()
    return gone.promise
  }
  const channel = (isolation === 'worker' ? openThread : openProcess)(heard, { entry, memoryBytes })
  const onAbort = () => channel.send({ type: 'abort', message: problemText(signal.reason) })
  try {
    const bounds = boundsOf(asked)
    channel.send({ type: 'begin', module: module.href, call, input, bounds, ...splitContext(context) })
  } catch (problem) {
    answered.resolve({ type: 'unusable', message: `its context cannot cross: ${problemText(problem)}` })
    void end()
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { answer: answered.promise, end }
}

type Request = { readonly id: number; readonly method: string; readonly args: readonly unknown[] }

/** Never rejects. What cannot cross back as data is refused. */
async function reply(
  context: ToolContext,
  { id, method, args }: Request,
  send: (message: ToTool) => void,
): Promise<void> {
  try {
    send({ type: 'reply', id, value: await callMethod(context, method, args) })
  } catch (problem) {
    send({ type: 'refusal', id, ...thrownOf(problem) })
  }
}

function callMethod(context: ToolContext, method: string, args: readonly unknown[]): unknown {
  const { methods } = splitContext(context)
  if (!methods.includes(method)) throw new TypeError(`the context has no function ${method}`)
  const member: unknown = Reflect.get(context, method)
  // It is among the members that are functions.
  return (member as (...given: readonly unknown[]) => unknown)(...args)
}

/** Whether the tool runs beside the runtime. */
export function isolationOf({ isolation, module }: AnyTool): Isolated | null {
  return isolation === undefined || module === undefined ? null : { isolation, module }
}
