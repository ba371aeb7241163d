/** Plans by chance: chains, fan-outs, diamonds, layers, groups, arrays, a synthesis at the end; and plans that nobody can carry out. */
import type { Json, PlanTask, ProposedPlan } from '../../core/index.ts'
import type { Chance } from './chance.ts'

export type PlanDrawing = {
  /** Begins with whose it is. */
  readonly goal: string
  /** Ids begin with it. */
  readonly prefix: string
  readonly tools: readonly string[]
  readonly most: number
  /** Characters of what is said about each task. */
  readonly padding?: number
  /** Tasks of the version before that later ones may need. */
  readonly known?: readonly string[]
}

type Draft = { -readonly [K in keyof PlanTask]: PlanTask[K] }

const styles = ['chain', 'fan', 'layers', 'any', 'any'] as const
const LAYER = 3

export function drawPlan(chance: Chance, drawing: PlanDrawing): ProposedPlan {
  const { goal, prefix, most, known = [], padding = 0 } = drawing
  const count = 1 + chance.below(most)
  const style = chance.pick(styles)
  const tasks: Draft[] = []
  for (let index = 0; index < count; index += 1) {
    const earlier = tasks.map(({ id }) => id)
    const dependsOn = dependenciesOf(chance, style, { index, count, earlier })
    const other = known.length > 0 && chance.happens(0.4) ? chance.among(known) : undefined
    const task: Draft = {
      id: `${prefix}${index + 1}`,
      name: `task ${index + 1}`,
      ...(padding > 0 && { description: 'x'.repeat(padding) }),
      dependsOn: other === undefined ? dependsOn : [...dependsOn, other],
    }
    tasks.push(withWork(chance, task, { drawing, tasks }))
  }
  if (count > 2 && chance.happens(0.35)) group(chance, tasks, prefix)
  if (count > 1 && chance.happens(0.4)) synthesize(tasks, prefix)
  return { goal, tasks }
}

type Place = { readonly index: number; readonly count: number; readonly earlier: readonly string[] }

function dependenciesOf(
  chance: Chance,
  style: (typeof styles)[number],
  { index, count, earlier }: Place,
): readonly string[] {
  if (index === 0) return []
  if (style === 'chain') return earlier.slice(-1)
  // With a last task of three or more it is a diamond.
  if (style === 'fan') return index === count - 1 && index > 1 ? earlier.slice(1) : earlier.slice(0, 1)
  const from = style === 'layers' ? earlier.slice(-(index % LAYER) - LAYER, -(index % LAYER) || undefined) : earlier
  return from.filter(() => chance.happens(0.4))
}

type AroundList = Around & { readonly list: Draft | undefined }
type Around = { readonly drawing: PlanDrawing; readonly tasks: readonly Draft[] }

/** A call, a loop, or one of either for each element of an array. */
function withWork(chance: Chance, task: Draft, { drawing, tasks }: Around): Draft {
  const lists = tasks.filter(({ tool, forEach }) => tool === 'list' && forEach === undefined)
  const list = chance.happens(0.3) ? chance.among(lists) : undefined
  const common: Partial<Draft> = {
    ...(chance.happens(0.12) && { exclusive: true }),
    ...(chance.happens(0.1) && { timeoutMs: 600 + chance.below(2_000) }),
    ...(chance.happens(0.2) && { expectedMs: chance.below(50) }),
    ...(chance.happens(0.08) && { accept: { checker: 'sound' } }),
    ...(list !== undefined && { forEach: { $from: list.id, path: '/items' } }),
  }
  const isCall = chance.happens(0.6)
  return { ...task, ...common, ...(isCall ? callOf(chance, task, { drawing, tasks, list }) : loopOf(chance, drawing)) }
}

function callOf(chance: Chance, task: Draft, { drawing, tasks, list }: AroundList): Partial<Draft> {
  const tool = chance.happens(0.2) ? 'list' : (chance.among(drawing.tools) ?? 'list')
  const paid = tasks.filter((each) => each.tool !== undefined && each.tool !== 'list' && each.forEach === undefined)
  const source = chance.happens(0.45) ? (chance.among(paid)?.id ?? chance.among(drawing.known ?? [])) : undefined
  const amount: Json =
    list !== undefined && chance.happens(0.7)
      ? { $from: '$item' }
      : source !== undefined && source !== task.id
        ? { $from: source, path: '/paid' }
        : 1 + chance.below(5)
  return { tool, input: { amount } }
}

function loopOf(chance: Chance, { tools }: PlanDrawing): Partial<Draft> {
  const specialist = chance.pick(['reader', 'payer', null] as const)
  return {
    ...(specialist !== null && { specialist }),
    ...(specialist !== 'reader' && chance.happens(0.6) && { tools: [...new Set(tools)] }),
    ...(chance.happens(0.2) && { cap: { turns: 1 + chance.below(3) } }),
    // So little that it may be over while somebody else works for it.
    ...(chance.happens(0.3) && { timeoutMs: 250 + chance.below(450) }),
    ...(chance.happens(0.15) && { accept: { schema: { type: 'object', required: ['n'] } } }),
  }
}

/** Some of them get a parent, which ends with them; and one a parent within it. */
function group(chance: Chance, tasks: Draft[], prefix: string): void {
  const [first, ...others] = tasks
  const parent = `${prefix}g`
  const members = others.filter(() => chance.happens(0.5))
  if (first === undefined || members.length === 0) return
  for (const member of members) {
    member.parent = parent
    if (chance.happens(0.3)) member.optional = true
  }
  tasks.push({ id: parent, name: 'a part', dependsOn: chance.happens(0.4) ? [first.id] : [] })
  const [inner] = members
  if (inner !== undefined && chance.happens(0.3)) {
    inner.parent = `${prefix}k`
    tasks.push({ id: `${prefix}k`, name: 'a part of the part', dependsOn: [], parent })
  }
  if (chance.happens(0.5)) tasks.push({ id: `${prefix}h`, name: 'after the part', dependsOn: [parent] })
}

/** The last one waits for all that nobody else waits for, however it ends. */
function synthesize(tasks: Draft[], prefix: string): void {
  const waited = new Set(
    tasks.flatMap(({ dependsOn, parent }) => [...dependsOn, ...(parent === undefined ? [] : [parent])]),
  )
  const last = tasks.filter(({ id, parent }) => !waited.has(id) && parent === undefined).map(({ id }) => id)
  tasks.push({ id: `${prefix}z`, name: 'say what came of it', dependsOn: last, needs: 'settled' })
}

/** The same plan with one thing wrong. */
export function spoilt(chance: Chance, { goal, tasks }: ProposedPlan): Json {
  const [first, ...others] = tasks
  const spoiltFirst: readonly [Partial<Draft>, ...Partial<Draft>[]] = [
    { dependsOn: ['nobody'] },
    { dependsOn: [first?.id ?? ''] },
    { tool: 'nothing', input: { amount: 1 } },
    { tool: 'list', input: { amount: 'much' } },
    { tool: 'list', input: { amount: { $from: 'nobody', path: '/paid' } } },
    { specialist: 'plumber' },
    { parent: 'nobody' },
    { dependsOn: others.slice(-1).map(({ id }) => id) },
    { accept: { checker: 'nobody' } },
  ]
  const [second, ...rest] = others
  if (first !== undefined && second !== undefined && chance.happens(0.15))
    return asJson({
      goal,
      tasks: [{ ...first, dependsOn: [second.id] }, { ...second, dependsOn: [first.id] }, ...rest],
    })
  const isDouble = chance.happens(0.15)
  const wrong = [{ ...first, ...chance.pick(spoiltFirst) }, ...(isDouble ? [...tasks] : others)]
  return asJson({ goal, tasks: chance.happens(0.1) ? [] : wrong })
}

/** What a plan is as text is all that it is. */
export function asJson(plan: unknown): Json {
  return JSON.parse(JSON.stringify(plan)) as Json
}
