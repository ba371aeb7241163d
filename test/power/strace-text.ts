/**
 * Reads what `strace -f -xx -s <large>` wrote: one system call a line, every string in hexadecimal, so that bytes and paths come out as
 * they were. A call that another thread interrupted has two lines (`<unfinished ...>`, `<... resumed>`); it stands where it ended.
 */

/** A call that succeeded. `args` are as strace writes them: `19`, `O_RDWR|O_CREAT`, `"\x2f"`. */
export type Call = { readonly name: string; readonly args: readonly string[]; readonly result: number }

/** What strace wrote cannot be read, so that no image made of it would mean anything. */
export class TraceError extends Error {}

const UNFINISHED = ' <unfinished ...>'
const LINE = /^(\d+) +(.*)$/
const RESUMED = /^<\.\.\. \w+ resumed>(.*)$/
const CALL = /^(\w+)\((.*)\) += (-?\w+)/

/** The calls that succeeded, in the order in which they ended. What failed changed nothing; a sync that failed is an error. */
export function* readStrace(text: string): Generator<Call> {
  const begun = new Map<string, string>()
  for (const line of lines(text)) {
    const [, thread, said] = LINE.exec(line) ?? []
    if (thread === undefined || said === undefined)
      throw new TraceError(`expected a line of strace, found ${cut(line)}`)
    if (said.startsWith('+++') || said.startsWith('---')) continue
    if (said.endsWith(UNFINISHED)) {
      begun.set(thread, said.slice(0, -UNFINISHED.length))
      continue
    }
    const rest = RESUMED.exec(said)?.[1]
    const call = parseCall(rest === undefined ? said : `${begun.get(thread) ?? ''}${rest}`)
    if (call !== null) yield call
  }
}

function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    // A last line without an end is one that strace did not finish.
    if (end === -1) return
    yield text.slice(start, end)
    start = end + 1
  }
}

function parseCall(said: string): Call | null {
  const [, name, args, answer] = CALL.exec(said) ?? []
  if (name === undefined || args === undefined || answer === undefined) {
    // The last call of a thread has no answer.
    if (said.endsWith('= ?') || said.endsWith('<unfinished ...>)')) return null
    throw new TraceError(`expected a system call with its answer, found ${cut(said)}`)
  }
  const result = Number(answer)
  if (result === -1 && name.includes('sync')) throw new TraceError(`expected a sync to succeed, found ${cut(said)}`)
  return result === -1 ? null : { name, args: splitArgs(args), result }
}

/** Strings hold no comma, since they are in hexadecimal; structures and lists are kept whole. */
function splitArgs(text: string): readonly string[] {
  const args: string[] = []
  let depth = 0
  let start = 0
  const isPlain = !/[[{]/.test(text)
  if (isPlain) return text === '' ? [] : text.split(', ')
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '[' || char === '{') depth += 1
    if (char === ']' || char === '}') depth -= 1
    if (depth === 0 && char === ',') {
      args.push(text.slice(start, at))
      start = at + 2
    }
  }
  return [...args, text.slice(start)]
}

/** The bytes of a string argument, all of them: a string that strace has shortened is an error. */
export function bytesOf(arg: string | undefined): Buffer {
  if (arg === undefined || !arg.startsWith('"') || !arg.endsWith('"'))
    throw new TraceError(`expected a whole string, found ${cut(arg ?? 'nothing')}: give strace a larger -s`)
  const hexadecimal = arg.slice(1, -1).replaceAll('\\x', '')
  const bytes = Buffer.from(hexadecimal, 'hex')
  if (bytes.length * 4 !== arg.length - 2)
    throw new TraceError(`expected hexadecimal, found ${cut(arg)}: run strace -xx`)
  return bytes
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
