/** The changes of a repository: from git where it is there, else from a patch that was saved. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { ToolError } from 'pawl'
import { filesOf, linesAfter } from './change.ts'

export interface Repository {
  /** The unified diff from one commit to another. @throws ToolError if nobody knows it. */
  diff(range: Range, signal: AbortSignal): Promise<string>
  /** A file at a commit, each line with its number before it. Without git, only the lines that the patch shows. */
  file(at: { readonly path: string; readonly ref: string }, signal: AbortSignal): Promise<string>
}

export type Range = { readonly from: string; readonly to: string }

/** A patch that was saved: what git would say of this range, where it has these commits. */
export type SavedPatch = Range & { readonly file: URL }

const run = promisify(execFile)

/** `hasGit: false` for tests of what is done without. */
export function repositoryAt(folder: string, saved: SavedPatch, hasGit = true): Repository {
  const git = async (args: readonly string[], signal: AbortSignal): Promise<string | null> => {
    if (!hasGit) return null
    const options = { cwd: folder, signal, maxBuffer: MOST_BYTES }
    // No git, no repository, or no such commit in it (a shallow clone): the caller knows what to do then.
    const answer = await run('git', [...args], options).catch(() => null)
    signal.throwIfAborted()
    return answer?.stdout ?? null
  }
  const savedPatch = () => readFileSync(saved.file, 'utf8')
  return {
    diff: async ({ from, to }, signal) => {
      const known = await git(['diff', ...AS_PLAIN, commit(from), commit(to), '--'], signal)
      if (known !== null) return known
      if (from === saved.from && to === saved.to) return savedPatch()
      throw nothing(`the change from ${from} to ${to}`)
    },
    file: async ({ path, ref }, signal) => {
      const text = await git(['show', `${commit(ref)}:${path}`], signal)
      if (text !== null) return numbered(text.split('\n').map((line, index) => ({ line: index + 1, text: line })))
      const shown = linesAfter(savedPatch()).filter((line) => line.path === path)
      if (ref !== saved.to || shown.length === 0) throw nothing(`${path} at ${ref}`)
      return numbered(shown)
    },
  }
}

/** Whatever the person at this machine has told git to show. */
const AS_PLAIN = ['--no-color', '--no-ext-diff', '--src-prefix=a/', '--dst-prefix=b/']
const MOST_BYTES = 512 * 1024

/** What begins with a dash would be an option. */
function commit(name: string): string {
  if (/^[\w][\w./~^-]*$/.test(name)) return name
  throw new ToolError(`expected a commit or a branch; found ${JSON.stringify(name)}`, { tookEffect: false })
}

function nothing(what: string): ToolError {
  return new ToolError(`${what} is not known: git is not there, or has no such commit`, { tookEffect: false })
}

function numbered(lines: readonly { readonly line: number; readonly text: string }[]): string {
  return lines.map(({ line, text }) => `${line}: ${text}`).join('\n')
}

/** What a check says of a change; null: it passed. */
export type Check = (patch: string) => string | null

/** The programs that `run_check` knows. They only read. */
export const checks: { readonly [name: string]: Check } = {
  whitespace: (patch) => {
    const found = linesAfter(patch).find(({ text, isAdded }) => isAdded && /[ \t]$|^(?:<{7}|>{7}|={7}$)/.test(text))
    return found === undefined ? null : `${found.path}:${found.line} ends in a space, or marks a conflict`
  },
  size: (patch) => {
    const changed = filesOf(patch).reduce((sum, { added, removed }) => sum + added + removed, 0)
    return changed <= MOST_LINES ? null : `${changed} lines are changed; more than ${MOST_LINES} nobody reads`
  },
}

const MOST_LINES = 400
