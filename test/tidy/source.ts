import { parseSync } from 'oxc-parser'

/** One TypeScript file: its path from the root of the repository (with `/`), its text and its syntax tree. */
export type SourceFile = { readonly path: string; readonly text: string; readonly tree: Node }

/** What breaks a rule: where, what was found, and how to mend it. */
export type Violation = {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly found: string
  readonly mend: string
}

/** A rule over one file, said in one sentence. */
export type Rule = {
  readonly name: string
  readonly sentence: string
  readonly check: (file: SourceFile) => readonly Violation[]
}

/** A node of the ESTree (with TypeScript) that oxc-parser returns; its fields are read by name. */
export type Node = { readonly type: string; readonly start: number; readonly end: number } & {
  readonly [field: string]: unknown
}

/** Parses a file; a file that does not parse is an error, never a file without violations. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text, { sourceType: 'module' })
  const problem = parsed.errors[0]
  if (problem) throw new Error(`${path} does not parse: ${problem.message}`)
  // The tree is plain ESTree data, every node of which has `type`, `start` and `end`.
  return { path, text, tree: parsed.program as unknown as Node }
}

/** Calls `visit` for every node with its parent, outermost first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent)
  for (const child of childrenOf(node)) walk(child, visit, node)
}

/** All nodes that `select` says something about, with what it says. */
export function collect<Found>(
  file: SourceFile,
  select: (node: Node, parent: Node | undefined) => Found | undefined,
): readonly { readonly node: Node; readonly found: Found }[] {
  const all: { node: Node; found: Found }[] = []
  walk(file.tree, (node, parent) => {
    const found = select(node, parent)
    if (found !== undefined) all.push({ node, found })
  })
  return all
}

/** The line of an offset, from 1. */
export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length
}

/** The field of a node as a node, if it is one. */
export function nodeAt(node: Node, field: string): Node | undefined {
  const value = node[field]
  return isNode(value) ? value : undefined
}

/** The field of a node as text, if it is text. */
export function textAt(node: Node | undefined, field: string): string | undefined {
  const value = node?.[field]
  return typeof value === 'string' ? value : undefined
}

/** Tests and their fixtures, which some rules leave free. */
export function isTest(path: string): boolean {
  return /\.(test|test-d|fixture)\.ts$/.test(path) || path.startsWith('test/')
}

/** One violation on one line of text, complete enough to act on. */
export function sayViolation(violation: Violation): string {
  return `${violation.file}:${violation.line} [${violation.rule}] found ${violation.found}. ${violation.mend}`
}

function childrenOf(node: Node): readonly Node[] {
  return Object.entries(node)
    .filter(([field]) => field !== 'parent')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
