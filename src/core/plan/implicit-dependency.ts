/** Results that a task speaks of without saying that it waits for them. A reference says so. */
import type { Json } from '../json.ts'
import { type Awaited, awaitedSets } from './awaited.ts'
import type { PlanTask } from './plan.ts'
import { namedInReferences, type PlanGraph } from './plan-graph.ts'

export type ImplicitDependency = {
  readonly task: string
  readonly needs: string
  /** As in `"T3" speaks of the result of "T1", and does not wait for it`. */
  readonly because: string
}

export function implicitDependencies(plan: readonly PlanTask[], graph: PlanGraph): readonly ImplicitDependency[] {
  const names = namesOf(plan)
  const found: ImplicitDependency[] = []
  const awaited = awaitedSets(graph.dependencies)
  for (const task of plan) {
    const told = new Set([...task.dependsOn, ...namedInReferences(task)])
    for (const needs of new Set(mentionsIn(task, names))) {
      if (told.has(needs) || !graph.tasks.has(needs) || isRelated(task, needs, { tasks: graph.tasks, awaited }))
        continue
      found.push({ task: task.id, needs, because: `speaks of the result of "${needs}", and does not wait for it` })
    }
  }
  return found
}

type Relations = { readonly tasks: PlanGraph['tasks']; readonly awaited: Awaited }

/** Itself, a relative, who waits for it, or what its parent waits for. */
function isRelated({ id, parent }: PlanTask, needs: string, { tasks, awaited }: Relations): boolean {
  if (needs === id || needs === parent || tasks.get(needs)?.parent === id) return true
  return awaited(needs).has(id) || (parent !== undefined && awaited(parent).has(needs))
}

type Names = {
  /** By id. */
  readonly ids: ReadonlySet<string>
  /** Words of a name, in lower case, to the only task that is called so. */
  readonly byName: ReadonlyMap<string, string>
}

/** Words of a name that are looked for. */
const MAX_NAME_WORDS = 8

function namesOf(plan: readonly PlanTask[]): Names {
  const byName = new Map<string, string>()
  const shared = new Set<string>()
  for (const { id, name } of plan) {
    const words = wordsOf(name).join(' ')
    if (byName.has(words)) shared.add(words)
    byName.set(words, id)
  }
  for (const words of shared) byName.delete(words)
  return { ids: new Set(plan.map(({ id }) => id)), byName }
}

function* mentionsIn({ name, description = '', input }: PlanTask, names: Names): Iterable<string> {
  for (const text of [name, description]) {
    yield* idsIn(text, names.ids)
    yield* resultsIn(text, names)
  }
  for (const text of textsIn(input ?? null)) yield* placeholdersIn(text, names.ids)
}

/** `T1`, `fetch_rows`: what no one would write but to name a task. A plain word is one by chance. */
function* idsIn(text: string, ids: ReadonlySet<string>): Iterable<string> {
  for (const [token] of text.matchAll(/[A-Za-z0-9_.-]+/g)) {
    const id = withoutStops(token)
    if (/[A-Za-z]/.test(id) && /[\d_.-]/.test(id) && ids.has(id)) yield id
  }
}

/** "the result of the task “Fetch the rows”", "output of search": by name, or by an id that is a plain word. */
function* resultsIn(text: string, { ids, byName }: Names): Iterable<string> {
  for (const { index, 0: cue } of text.matchAll(CUE)) {
    const after = text.slice(index + cue.length, index + cue.length + MAX_NAME_CHARACTERS)
    const [first = ''] = /^[A-Za-z0-9_.-]+/.exec(after) ?? []
    const id = withoutStops(first)
    if (ids.has(id)) yield id
    const words = wordsOf(after).slice(0, MAX_NAME_WORDS)
    for (let count = words.length; count > 0; count -= 1) {
      const named = byName.get(words.slice(0, count).join(' '))
      if (named === undefined) continue
      yield named
      break
    }
  }
}

/** The end of a sentence is no part of an id. By hand: an expression would begin anew at each dot of a line of dots. */
function withoutStops(token: string): string {
  let end = token.length
  while (end > 0 && '.-'.includes(token.charAt(end - 1))) end -= 1
  return token.slice(0, end)
}

const MAX_NAME_CHARACTERS = 120
const CUE = /\b(?:outputs?|results?|findings|answers?) (?:of|from) (?:the )?(?:(?:task|step)s? )?["'`“‘]?/gi

/** `{{T1.rows}}`, `${T1}`, `<T1>`: how other systems write a reference. */
function* placeholdersIn(text: string, ids: ReadonlySet<string>): Iterable<string> {
  for (const [, token = ''] of text.matchAll(/(?:\$\{?|\{\{\s*|<)([A-Za-z0-9_.-]+)/g)) {
    const [first = ''] = token.split('.')
    if (ids.has(token)) yield token
    else if (ids.has(first)) yield first
  }
}

function* textsIn(input: Json): Iterable<string> {
  const open: Json[] = [input]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') yield value
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) open.push(part)
  }
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
