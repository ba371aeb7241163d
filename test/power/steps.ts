/** From system calls to what they do to files, and to what the writer says on its stdout. */
import { posix } from 'node:path'
import { bytesOf, type Call, TraceError } from './strace-text.ts'

/**
 * One step of a trace. Files are named by the descriptor that they were opened under, since a file that was unlinked goes on under it.
 * `close` and `open` change no disk, but `open` may create and empty.
 */
export type Step =
  | {
      readonly type: 'open'
      readonly path: string
      readonly descriptor: number
      readonly creates: boolean
      readonly empties: boolean
      /** Where a `write` goes that says no place. `unknown`: after what was read, which no trace shows. */
      readonly position: 'start' | 'end' | 'unknown'
    }
  | { readonly type: 'close'; readonly descriptor: number }
  /** `offset` null: at the position of the descriptor. */
  | { readonly type: 'write'; readonly descriptor: number; readonly offset: number | null; readonly bytes: Buffer }
  | { readonly type: 'sync'; readonly descriptor: number }
  | { readonly type: 'truncate'; readonly descriptor: number; readonly size: number }
  /** Room is taken up to `end`, which reads as zeros. */
  | { readonly type: 'allocate'; readonly descriptor: number; readonly end: number }
  | { readonly type: 'unlink'; readonly path: string }
  | { readonly type: 'make_folder'; readonly path: string }
  /** The writer wrote to its stdout. */
  | { readonly type: 'say'; readonly text: string }
  /** A call that the model of the disk does not know: an error where it is about a file of the folder. */
  | {
      readonly type: 'unknown'
      readonly call: string
      readonly paths: readonly string[]
      readonly descriptors: readonly number[]
    }

/** What strace is asked for: all calls that change files, also those that nobody is expected to make. `?`: not on every machine. */
export const TRACED: readonly string[] = [
  ...['?open', 'openat', '?creat', '?openat2', 'close'],
  ...['write', 'pwrite64', 'writev', 'pwritev', '?pwritev2', 'sendfile', 'copy_file_range', 'splice', '?lseek'],
  ...['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'ftruncate', 'truncate', 'fallocate'],
  ...['?unlink', 'unlinkat', '?rename', '?renameat', 'renameat2', '?link', 'linkat', '?symlink', 'symlinkat'],
  ...['?mkdir', 'mkdirat', '?rmdir', 'dup', '?dup2', 'dup3', 'mmap'],
]

const STDOUT = 1

export function stepOf(call: Call): Step | null {
  const { name, args, result } = call
  switch (name) {
    case 'open':
    case 'openat':
      return openStep(name === 'open' ? args : args.slice(1), result)
    case 'close':
      return { type: 'close', descriptor: int(args[0]) }
    case 'write':
    case 'pwrite64':
      return writeStep(call)
    case 'fsync':
    case 'fdatasync':
      return { type: 'sync', descriptor: int(args[0]) }
    case 'ftruncate':
      return { type: 'truncate', descriptor: int(args[0]), size: int(args[1]) }
    case 'fallocate':
      return args[1] === '0'
        ? { type: 'allocate', descriptor: int(args[0]), end: int(args[2]) + int(args[3]) }
        : unknown(call)
    case 'unlink':
      return { type: 'unlink', path: absolutePath(args[0]) }
    case 'unlinkat':
      return args[2] === '0' ? { type: 'unlink', path: absolutePath(args[1]) } : unknown(call)
    case 'mkdir':
      return { type: 'make_folder', path: absolutePath(args[0]) }
    case 'mkdirat':
      return { type: 'make_folder', path: absolutePath(args[1]) }
    case 'mmap':
      return isSharedForWriting(args) ? unknown(call) : null
    default:
      return unknown(call)
  }
}

function openStep([path, flags = '']: readonly string[], descriptor: number): Step {
  const has = (flag: string): boolean => flags.split('|').includes(flag)
  if (has('O_TMPFILE')) throw new TraceError('expected files with names, found O_TMPFILE')
  const isForReading = !has('O_CREAT') && !has('O_WRONLY') && !has('O_RDWR')
  return {
    type: 'open',
    path: isForReading ? pathOf(path) : absolutePath(path),
    descriptor,
    creates: has('O_CREAT'),
    empties: has('O_TRUNC'),
    position: has('O_APPEND') ? 'end' : has('O_WRONLY') ? 'start' : 'unknown',
  }
}

/** Not all bytes may have been written: `result` of them were. */
function writeStep({ name, args, result }: Call): Step {
  const descriptor = int(args[0])
  const bytes = bytesOf(args[1]).subarray(0, result)
  if (descriptor === STDOUT) return { type: 'say', text: bytes.toString() }
  return { type: 'write', descriptor, offset: name === 'write' ? null : int(args[3]), bytes }
}

/** The index of the write-ahead log is the one file that is written through memory: a write that no trace shows. */
function isSharedForWriting([, , protection = '', flags = '']: readonly string[]): boolean {
  return protection.includes('PROT_WRITE') && flags.split('|').some((flag) => flag.startsWith('MAP_SHARED'))
}

function unknown({ name, args }: Call): Step {
  const paths = args.filter((arg) => arg.startsWith('"')).map(pathOf)
  const places = descriptorsAt[name] ?? [0]
  const descriptors = places.map((place) => Number(args[place])).filter((each) => Number.isInteger(each))
  return { type: 'unknown', call: name, paths, descriptors }
}

/** Which arguments are descriptors, where it is not the first one alone. */
const descriptorsAt: Readonly<Record<string, readonly number[]>> = {
  mmap: [4],
  dup2: [0, 1],
  dup3: [0, 1],
  sendfile: [0, 1],
  copy_file_range: [0, 2],
  splice: [0, 2],
}

function pathOf(arg: string | undefined): string {
  return posix.normalize(bytesOf(arg).toString())
}

/** Of a file that is changed: what another path is relative to is in no trace. */
function absolutePath(arg: string | undefined): string {
  const path = pathOf(arg)
  if (!path.startsWith('/')) throw new TraceError(`expected an absolute path of what is changed, found ${path}`)
  return path
}

function int(arg: string | undefined): number {
  const value = Number(arg)
  if (!Number.isSafeInteger(value)) throw new TraceError(`expected an integer, found ${arg ?? 'nothing'}`)
  return value
}
