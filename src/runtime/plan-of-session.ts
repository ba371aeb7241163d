/** The plan of a session for readers: each task with what became of it, without what its tool marks as sensitive. */
import { type PlanView, planViewOf } from '../core/index.ts'
import type { SessionRef, Store } from '../ports/index.ts'
import { loadState } from './load.ts'
import { createLogMask } from './mask-log.ts'
import type { Secrets } from './secrets.ts'
import { createSessionShapes, type ShapesContext } from './session-shapes.ts'
import { UnknownSessionError } from './watch.ts'
import type { Wiring } from './wiring.ts'

type Context = ShapesContext & { readonly store: Store; readonly wiring: Wiring; readonly secrets: Secrets }

/** @throws UnknownSessionError */
export async function planOfSession(context: Context, ref: SessionRef): Promise<PlanView | null> {
  if ((await context.store.head(ref)) === null) throw new UnknownSessionError(ref)
  const state = await loadState(context.store, ref, context.wiring)
  const view = planViewOf(state)
  if (view === null) return null
  const shapes = createSessionShapes(context, ref)
  await shapes.learn()
  const mask = createLogMask(shapes.of, context.secrets.redactor(ref.tenant))
  mask.learn(state)
  const tasks = mask.tasks(view.tasks.map(({ task }) => task))
  return {
    ...view,
    goal: mask.told(view.goal),
    ...(view.notes !== undefined && { notes: mask.told(view.notes) }),
    tasks: view.tasks.map((each, index) => ({ ...each, task: tasks[index] ?? each.task })),
  }
}
