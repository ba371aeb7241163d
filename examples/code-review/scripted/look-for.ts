/** What a scripted reviewer knows to look for: less than a model does, but it reads the real change. */
import type { PatchLine } from '../change.ts'
import type { Finding } from './findings.ts'

export type Look = (lines: readonly PatchLine[], paths: readonly string[]) => readonly Finding[]

/** By focus. What it does not know it finds nothing of. */
export const looks: { readonly [focus: string]: Look } = {
  correctness: (lines) =>
    inCode(lines, /(?<!import .*)\bas (?!they|a\b|it\b)[\w{(]/).map((line) => ({
      ...at(line),
      severity: 'minor',
      problem: 'a cast that nothing explains: the compiler no longer checks this value',
      mend: 'Parse the value, or say in a comment why the cast is true.',
    })),
  security: (lines) =>
    inCode(lines, /\b(?:eval|new Function)\(|shell: true/).map((line) => ({
      ...at(line),
      severity: 'blocker',
      problem: 'text becomes code or a command here: whoever writes the text runs what they like',
      mend: 'Call the program with a list of arguments, or parse the text.',
    })),
  tests: (lines, paths) => {
    const tested = new Set(paths.filter(isTest).map(folderOf))
    return paths
      .filter((path) => isCode(path) && !isTest(path) && !tested.has(folderOf(path)))
      .flatMap((path) => lines.find((line) => line.path === path && line.isAdded) ?? [])
      .map((line) => ({
        ...at(line),
        severity: 'minor',
        problem: 'this file changes, and no test beside it does',
        mend: 'Add the test that fails without the change.',
      }))
  },
  legibility: (lines) =>
    lines
      .filter(({ text, isAdded }) => isAdded && text.length > MOST_CHARACTERS)
      .map((line) => ({
        ...at(line),
        severity: 'minor',
        problem: `a line of ${line.text.length} characters; more than ${MOST_CHARACTERS} do not fit beside a second file`,
        mend: 'Break it where a thought ends.',
      })),
}

const MOST_CHARACTERS = 120

export const isCode = (path: string) => /\.[cm]?[jt]s$/.test(path)
const isTest = (path: string) => /\.test\.ts$/.test(path)
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'))
const at = ({ path, line }: PatchLine) => ({ path, line })

/** Added lines of code that no comment is. */
function inCode(lines: readonly PatchLine[], pattern: RegExp): readonly PatchLine[] {
  return lines.filter(
    ({ path, text, isAdded }) => isAdded && isCode(path) && !/^\s*(?:\/\/|\/?\*)/.test(text) && pattern.test(text),
  )
}
