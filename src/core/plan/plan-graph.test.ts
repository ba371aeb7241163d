import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanTask } from './plan.ts'
import { task } from './plan-context.fixture.ts'
import { planGraph } from './plan-graph.ts'

describe('the graph of a plan', () => {
  const tasks = [
    task('a', { expectedMs: 5 }),
    task('group', { dependsOn: ['a'] }),
    task('b', { parent: 'group', expectedMs: 10 }),
    task('c', { parent: 'group', expectedMs: 20 }),
    task('d', { dependsOn: ['group', 'a', 'a', 'nobody'], tool: 't', input: { x: { $from: 'c' } }, expectedMs: 1 }),
    task('e', { forEach: { $from: 'b' } }),
  ]
  const graph = planGraph(tasks)

  test('knows what each task waits for, by its own words and by its references', () => {
    expect(Object.fromEntries(graph.dependencies)).toEqual({
      a: [],
      group: ['a'],
      b: [],
      c: [],
      d: ['group', 'a', 'c'],
      e: ['b'],
    })
    expect(Object.fromEntries(graph.dependents)).toEqual({
      a: ['group', 'd'],
      group: ['d'],
      b: ['e'],
      c: ['d'],
      d: [],
      e: [],
    })
    expect(Object.fromEntries(graph.children)).toEqual({ group: ['b', 'c'] })
    expect(Object.fromEntries(graph.depths)).toEqual({ a: 1, group: 1, b: 2, c: 2, d: 1, e: 1 })
  })

  test('measures the way that is left, through the children of a task that others wait for', () => {
    expect(Object.fromEntries(graph.longestMs)).toEqual({ a: 26, group: 21, b: 11, c: 21, d: 1, e: 1 })
    expect(graph.criticalPath).toEqual(['a', 'c', 'd'])
    expect(graph.cycle).toBeNull()
  })

  test('counts every task as 1 where none says how long it takes', () => {
    const { longestMs, criticalPath } = planGraph([task('a'), task('b', { dependsOn: ['a'] }), task('c')])
    expect([...longestMs.values()]).toEqual([2, 1, 1])
    expect(criticalPath).toEqual(['a', 'b'])
  })

  test('agrees with the definition: who waits for whom, told by walking', () => {
    fc.assert(
      fc.property(anyTasks(), (some) => {
        const { order, cycle, longestMs } = planGraph(some)
        const slow = new Slow(some)
        const circular = some.filter(({ id }) => slow.isBehindCycle(id)).map(({ id }) => id)
        expect([...order].sort()).toEqual(
          some
            .map(({ id }) => id)
            .filter((id) => !circular.includes(id))
            .sort(),
        )
        expect(cycle === null).toBe(circular.length === 0)
        for (const [index, id] of order.entries())
          for (const before of slow.awaited(id)) expect(order.indexOf(before)).toBeLessThan(index)
        if (cycle === null) for (const { id } of some) expect(longestMs.get(id)).toBe(slow.longest(id))
        else
          for (const [index, id] of cycle.slice(0, -1).entries())
            expect(slow.isLinked(id, cycle[index + 1] ?? '')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/** A few tasks with dependencies and parents at random; half of them have a cycle. */
function anyTasks(): fc.Arbitrary<readonly PlanTask[]> {
  return fc.integer({ min: 1, max: 8 }).chain((count) => {
    const index = fc.nat({ max: count - 1 })
    const each = fc.record({
      waits: fc.array(index, { maxLength: 2 }),
      parent: fc.option(index, { freq: 2 }),
      ms: fc.nat({ max: 9 }),
      mayTurn: fc.boolean(),
    })
    return fc.array(each, { minLength: count, maxLength: count }).map((all) => {
      const mayTurn = all.some((one) => one.mayTurn) && all[0]?.mayTurn === true
      return all.map(({ waits, parent, ms }, at) => {
        const allowed = mayTurn ? waits : waits.filter((other) => other < at)
        const inPlace = parent !== null && (mayTurn || parent < at) ? { parent: `t${parent}` } : {}
        return task(`t${at}`, {
          dependsOn: allowed.filter((other) => other !== at).map((other) => `t${other}`),
          expectedMs: ms,
          ...inPlace,
        })
      })
    })
  })
}

/** By the words of the definition, without nodes: a task waits for what it and its parents wait for, and that for its parts. */
class Slow {
  readonly #tasks: ReadonlyMap<string, PlanTask>

  constructor(tasks: readonly PlanTask[]) {
    this.#tasks = new Map(tasks.map((each) => [each.id, each]))
  }

  #parts(id: string): readonly string[] {
    return [...this.#tasks.values()].filter(({ parent }) => parent === id).map((each) => each.id)
  }

  #within(id: string, seen: Set<string> = new Set()): ReadonlySet<string> {
    if (seen.has(id)) return seen
    seen.add(id)
    for (const part of this.#parts(id)) this.#within(part, seen)
    return seen
  }

  /** All that has to end before this may start. */
  awaited(id: string): ReadonlySet<string> {
    const result = new Set<string>()
    const seen = new Set<string>()
    for (let at = this.#tasks.get(id); at !== undefined && !seen.has(at.id); at = this.#tasks.get(at.parent ?? '')) {
      seen.add(at.id)
      for (const name of at.dependsOn) for (const one of this.#within(name)) result.add(one)
    }
    return result
  }

  /** Whether one names the other as dependency, parent or part. */
  isLinked(id: string, other: string): boolean {
    const one = this.#tasks.get(id)
    return (
      one !== undefined && (one.dependsOn.includes(other) || one.parent === other || this.#parts(id).includes(other))
    )
  }

  /** Whether its start can never come: carried out step by step, nothing gets that far. */
  isBehindCycle(id: string): boolean {
    const started = new Set<string>()
    const ended = new Set<string>()
    for (let changed = true; changed; ) {
      changed = false
      for (const one of this.#tasks.values()) {
        const parentStarted = one.parent === undefined || started.has(one.parent)
        if (!started.has(one.id) && parentStarted && one.dependsOn.every((name) => ended.has(name)))
          changed = !!started.add(one.id)
        if (started.has(one.id) && !ended.has(one.id) && this.#parts(one.id).every((part) => ended.has(part)))
          changed = !!ended.add(one.id)
      }
    }
    return !started.has(id)
  }

  /** From its start to the last end that has to wait for it. */
  longest(id: string): number {
    const ends = this.#parts(id)
    const within = ends.length === 0 ? (this.#tasks.get(id)?.expectedMs ?? 1) + this.#after(id) : this.#after(id)
    return Math.max(within, ...ends.map((part) => this.longest(part)))
  }

  /** From its end on. */
  #after(id: string): number {
    const next = [...this.#tasks.values()]
      .filter(({ dependsOn }) => dependsOn.includes(id))
      .map((each) => this.longest(each.id))
    const parent = this.#tasks.get(id)?.parent
    return Math.max(0, ...next, ...(parent === undefined ? [] : [this.#after(parent)]))
  }
}
