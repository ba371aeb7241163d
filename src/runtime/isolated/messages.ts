/** What crosses between the runtime and a tool that runs beside it. Data only: closures stay where they are. */
import type { Json } from '../../core/index.ts'
import type { ToolErrorFields } from '../tool-error-fields.ts'
import type { Bounds } from './bounds.ts'

/** The context without its signal and its functions: both are rebuilt on the other side. */
export type PlainContext = { readonly [name: string]: unknown }

/** What is asked of the module: one call of one of its exports. */
export type Asked = {
  /** The address of the module, as `import()` takes it. */
  readonly module: string
  readonly call: 'run' | 'verify'
  /** The call's input; `verify` gets it inside its context. */
  readonly input: Json
  readonly context: PlainContext
  /** Members of the context that are functions: asked for one by one, and answered as promises. */
  readonly methods: readonly string[]
  readonly bounds: Bounds
}

/** An error on its way across. `toolError`: null where it was none. */
export type Thrown = { readonly message: string; readonly toolError: ToolErrorFields | null }

export type ToTool =
  | ({ readonly type: 'begin' } & Asked)
  | { readonly type: 'abort'; readonly message: string }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | ({ readonly type: 'refusal'; readonly id: number } & Thrown)

/** How a call beside the runtime came out, as that side tells it. */
export type IsolatedAnswer =
  | { readonly type: 'output'; readonly output: Json }
  /** It answered with what is no JSON. */
  | { readonly type: 'unreadable'; readonly problem: string }
  /** What `verify` found out, unless it took effect: then it answers with the output. */
  | { readonly type: 'verified'; readonly tookEffect: false | 'unknown'; readonly message?: string }
  | ({ readonly type: 'threw' } & Thrown)
  /** The module cannot be loaded, or does not export what is asked of it: nothing of the tool's own began. */
  | { readonly type: 'unusable'; readonly message: string }
  /** There was no room for it, or no time: nothing of the tool's own began. */
  | { readonly type: 'not_started'; readonly message: string }
  /** It ended without an answer: what happened. */
  | { readonly type: 'ended'; readonly message: string }

export type FromTool =
  | IsolatedAnswer
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }

type Fields = Readonly<Record<string, unknown>>

const hasMessage = ({ message }: Fields) => typeof message === 'string'
const answers: { readonly [Type in IsolatedAnswer['type']]: (fields: Fields) => boolean } = {
  output: (fields) => 'output' in fields,
  unreadable: ({ problem }) => typeof problem === 'string',
  verified: ({ tookEffect, message }) =>
    (tookEffect === false || tookEffect === 'unknown') && (message === undefined || typeof message === 'string'),
  threw: (fields) => hasMessage(fields) && (fields['toolError'] === null || isErrorFields(fields['toolError'])),
  unusable: hasMessage,
  not_started: hasMessage,
  ended: hasMessage,
}

/** Whether what has come is a whole answer. The other side is our own code beside a tool, which can send what it likes. */
export function isAnswer(message: unknown): message is IsolatedAnswer {
  if (!isTyped(message) || typeof message.type !== 'string' || !Object.hasOwn(answers, message.type)) return false
  // Just looked up.
  return answers[message.type as IsolatedAnswer['type']]({ ...message })
}

function isErrorFields(given: unknown): given is ToolErrorFields {
  if (typeof given !== 'object' || given === null || !('retryable' in given) || !('tookEffect' in given)) return false
  return typeof given.retryable === 'boolean' && (given.tookEffect === false || given.tookEffect === 'unknown')
}

export function isRequest(message: unknown): message is Extract<FromTool, { type: 'request' }> {
  if (!isTyped(message) || message.type !== 'request' || !('id' in message) || !('method' in message)) return false
  return (
    typeof message.id === 'number' &&
    typeof message.method === 'string' &&
    'args' in message &&
    Array.isArray(message.args)
  )
}

function isTyped(message: unknown): message is { readonly type: unknown } {
  return typeof message === 'object' && message !== null && 'type' in message
}

/** Context members that cross as they are, and those that are asked for. */
export function splitContext(context: object): Pick<Asked, 'context' | 'methods'> {
  const members = Object.entries(context).filter(([name]) => name !== 'signal' && name !== 'input')
  const methods = members.filter(([, value]) => typeof value === 'function').map(([name]) => name)
  return { context: Object.fromEntries(members.filter(([name]) => !methods.includes(name))), methods }
}
