import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TaskNode } from './plan/plan-state.ts'
import { walk, walks } from './walk.fixture.ts'

describe('random walks', { timeout: 60_000 }, () => {
  test('what a plan counts is what can be derived of its tasks', () => {
    fc.assert(
      fc.property(walks, (steps) => {
        const { plan, approvals } = walk(steps).state
        if (plan === null || plan.mode === 'flexible') return
        const nodes = [...plan.nodes.values()]
        const idsOf = (test: (node: TaskNode) => boolean) =>
          nodes.flatMap((node) => (test(node) ? [node.task.id] : [])).sort()
        const isSettled = (node: TaskNode): boolean => {
          const parts = nodes.filter(({ task }) => task.parent === node.task.id)
          if (parts.length > 0) return parts.every(isSettled)
          const isLost = plan.failed.has(node.task.id) || (node.status === 'pending' && node.outOfReach > 0)
          return isLost || node.status === 'completed' || node.status === 'skipped'
        }
        for (const { task, childrenOpen } of nodes) {
          const parts = nodes.filter(({ task: { parent } }) => parent === task.id)
          expect(childrenOpen).toBe(parts.filter((part) => !isSettled(part)).length)
        }
        // Whoever looks at plans in a walk lets through what drops a running task: the other way round it does not hold.
        expect(idsOf(({ task, status }) => status === 'in_progress' && !plan.running.has(task.id))).toEqual([])
        expect([...plan.unasked].sort()).toEqual(
          idsOf(
            ({ task, recovery, approvalId }) =>
              plan.failed.has(task.id) && recovery === 'escalate' && approvalId === null,
          ),
        )
        const isOpen = plan.questions.map((approvalId) => approvals.get(approvalId)?.resolution === null)
        const firstOpen = isOpen.indexOf(true)
        expect(plan.questionsClosed).toBe(firstOpen === -1 ? isOpen.length : firstOpen)
      }),
      { numRuns: 80, seed: 20_260_704 },
    )
  })
})
