/** Tools that leak, one path each: in every writing, and by every way in which a tool can say something. */
import { type AnyTool, type ToolContext, ToolError, tool } from 'pawl'
import { z } from 'zod'
import { type Canaries, nameOf } from './canaries.ts'
import { writings } from './encodings.ts'

type Leak = (value: string, context: ToolContext) => unknown
type More = Partial<
  Pick<AnyTool, 'present' | 'summarize' | 'output' | 'timeoutMs' | 'retries' | 'sensitive' | 'effect'>
>
type Path = readonly [path: string, leak: Leak, more?: More]

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const raise = (problem: unknown) => {
  throw problem
}

const written: readonly Path[] = writings.flatMap(({ name, write }): Path[] => [
  [`output: ${name}`, (value) => ({ answer: `is ${write(value)}` })],
  [`error: ${name}`, (value) => raise(new Error(`refused: ${write(value)}`))],
])

/** A schema that says what it has found. */
const complaining = z.string().refine(() => false, { error: ({ input }) => `found ${String(input)}` })

const MARKED = 'sensitive field'

/** Of these only the beginning is left. */
export const cutPaths: readonly string[] = ['cut in the preview', 'cut in the error']

const said: readonly Path[] = [
  ['nested', (value) => [[{ deep: [{ er: value }] }]]],
  ['key', (value) => ({ [value]: { [`${value} again`]: 1 } })],
  ['presented', () => 1, { present: () => ({}) }],
  ['summary', () => 1, { summarize: () => ({}) }],
  ['ToolError', (value) => raise(new ToolError(`no: ${value}`, { cause: new Error(value) }))],
  ['thrown text', (value) => raise(`no ${value}`)],
  ['thrown object', (value) => raise({ toString: () => `no ${value}` })],
  ['rejected later', async (value) => later(5).then(() => raise(new Error(value)))],
  ['aggregate', (value) => raise(new AggregateError([new Error(value)], `all of ${value}`))],
  ['stack in the output', (value) => ({ stack: new Error(value).stack ?? '' })],
  ['mismatch', (value) => ({ found: value }), { output: z.object({ found: complaining }) }],
  [
    'mismatch of a write',
    (value) => ({ found: value }),
    { output: z.object({ other: z.literal('nothing') }), effect: 'idempotent' },
  ],
  ['cut in the preview', (value) => `${'.'.repeat(985)}${value}${'.'.repeat(1_200_000)}`],
  ['cut in the error', (value) => raise(new Error(`${'.'.repeat(3_988)}${value}`))],
  ['big', (value) => `${value} `.repeat(200)],
  ['kept as an artifact', (value) => `${value} `.repeat(10_000)],
  ['late answer', async (value) => later(300).then(() => value), { timeoutMs: 20 }],
  ['late error', async (value) => later(300).then(() => raise(new Error(value))), { timeoutMs: 20 }],
  ['answer to the abort', (value, { signal }) => untilAborted(signal).then(() => value), { timeoutMs: 20 }],
  [MARKED, (value) => ({ card: { number: value } }), { sensitive: ['/card/number'] }],
]

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** A tool for each path. The sensitive field is no secret: its name alone has to hide it. */
export function leakingTools(
  canaries: Canaries,
  isMarked: boolean,
): readonly { readonly path: string; readonly tool: AnyTool }[] {
  return [...written, ...said].map(([path, leak, more = {}], index) => {
    const value = canaries.of(path)
    const views = {
      ...(more.present !== undefined && { present: () => ({ shown: value }) }),
      ...(more.summarize !== undefined && { summarize: () => ({ counted: value }) }),
    }
    const isSecret = path !== MARKED
    const { present: _, summarize: __, effect = 'read', sensitive = [], ...others } = more
    const made = tool<object, unknown>({
      name: `leak${index}`,
      description: 'Leaks.',
      effect,
      input: z.object({}),
      ...(isMarked && { sensitive }),
      ...(isSecret && { secrets: [nameOf(path)] }),
      // What it returns is what it is made to return, whatever its schema promises.
      ...(others as object),
      ...views,
      run: async (_input, context) => leak(isSecret ? await context.secret(nameOf(path)) : value, context),
    })
    return { path, tool: made }
  })
}
