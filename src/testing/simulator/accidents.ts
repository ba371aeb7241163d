import { PawlError, type SessionRef } from '../../ports/index.ts'
import type { World } from './world.ts'

/** What a store may throw, and a driver report; anything else is a defect that was caught by chance. */
const expected: ReadonlySet<string> = new Set(['store_unavailable', 'store_unclear', 'store_full'])

export function checkProblem(world: World, ref: SessionRef, problem: unknown): void {
  const code = problem instanceof PawlError ? problem.code : String(problem)
  if (expected.has(code)) return
  // Whoever had just begun to drive what had ended long before, or names what was swept while it was frozen.
  const { retainEndedMs = 0 } = world.shape.memory ?? {}
  if (code === 'session_erased' && retainEndedMs > 0) return
  if (code === 'invalid_write' && world.artifacts.swept > 0) return
  world.violate(ref, 'what fails, fails by name', code)
}
