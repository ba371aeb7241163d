/** Worlds that are rich in one thing: what a planted bug needs to show within few seeds. */
import type { Faults, PeopleShape, Shape } from './shape.ts'

/** Turns up in a drawn shape what a bug needs to show. */
export type Focus = (drawn: Shape) => Shape

export function withFaults(
  faults: Partial<Faults>,
  changed: Partial<Shape> = {},
  people: Partial<PeopleShape> = {},
): Focus {
  return (drawn) => ({
    ...drawn,
    ...changed,
    tenants: Math.min(drawn.tenants, changed.sessions ?? drawn.sessions),
    faults: { ...drawn.faults, ...faults },
    people: { ...drawn.people, ...people },
  })
}

/** Nobody is asked, policies take their time, and the amount is soon spent. */
export function slowlyTooMuch(drawn: Shape): Shape {
  const approval = { ...drawn.approval, over: 5, twoOver: 5, denyOver: 5, total: 5 }
  return { ...drawn, tools: ['note', 'tip'], callsAtMost: 4, approval, faults: { ...drawn.faults, policyIsSlow: 0.7 } }
}

/** People who approve, and an amount that is soon spent. */
export function almostTooMuch(drawn: Shape): Shape {
  const approval = { ...drawn.approval, over: 0, twoOver: 5, total: 5, expiresAfterMs: 20_000, notRequester: false }
  const people = { ...drawn.people, acts: 16, decide: 8, rejects: 0, edits: 0, attend: true }
  return { ...drawn, tools: ['note', 'tip'], callsAtMost: 4, approval, people }
}

/** Approvals that expire while people still answer. */
export function impatient(drawn: Shape): Shape {
  const approval = { ...drawn.approval, over: 0, expiresAfterMs: 1_500 }
  return { ...drawn, tools: ['note', 'pay'], approval, people: { ...drawn.people, acts: 16, decide: 8 } }
}

/** Payments that nobody has to approve. */
function paying(drawn: Shape): Shape {
  return { ...drawn, approval: { ...drawn.approval, over: 5, twoOver: 5, denyOver: 5, total: null } }
}

/** Little time, and turns that take some. */
export function hurried(drawn: Shape): Shape {
  return { ...drawn, ends: 0.2, budget: { ...drawn.budget, maxWallClockMs: 800, maxTurns: 6, maxEvents: 50_000 } }
}

/** Long messages, many of them. */
export function talkative(drawn: Shape): Shape {
  const people = { ...drawn.people, acts: 12, message: 10, cancel: 0 }
  return { ...drawn, padding: 34_000, sessions: 1, tenants: 1, ends: 0.6, people }
}

const hasty: Partial<Shape> = { leaseMs: 800, workers: 4, tools: ['pay', 'wire', 'tip'], ends: 0.2 }

/** Processes that die, freeze and lose answers in every seed. */
export const deadly: Focus = withFaults({ crash: 0.012, freeze: 0.008, lostAnswer: 0.06 })
/** The same, where nearly all work is payments. */
export const deadlyPaying: Focus = (drawn) => paying(withFaults({ crash: 0.02, freeze: 0.008 }, hasty)(drawn))
/** Payments, and commits that may take longer than a lease. */
export const sluggish: Focus = (drawn) => paying(withFaults({ crash: 0 }, { ...hasty, slowestMs: 700 })(drawn))
/** Payments that take long, and processes that freeze meanwhile. */
export const frozen: Focus = (drawn) => paying(withFaults({ freeze: 0.03, toolHangs: 0.7, crash: 0 }, hasty)(drawn))
/** Commits that are answered late, to processes that freeze while they wait. */
export const stalled: Focus = (drawn) =>
  paying(withFaults({ freeze: 0.03, crash: 0 }, { ...hasty, slowestMs: 40 })(drawn))
/** The same with calls that may begin whenever the lease holds, and commits that may take nearly as long as one. */
export const stalledNoting: Focus = (drawn) => ({ ...stalled(drawn), tools: ['look', 'note'], slowestMs: 700 })
export const uncertain: Focus = withFaults({ toolFailsAfter: 0.4 }, { tools: ['pay', 'wire'] }, { acts: 16, settle: 8 })
/** Payments of which nobody knows whether they took place (they did not), and people who cancel meanwhile. */
export const untold: Focus = (drawn) =>
  paying(withFaults({ toolFailsBefore: 0.6 }, { tools: ['pay', 'wire'] }, { acts: 16, settle: 8, cancel: 3 })(drawn))
/** Payments, commits and releases whose answers are lost, and people who write just when a session comes to rest. */
export const forgetful: Focus = (drawn) => {
  const alone = { ...hasty, sessions: 1, ends: 0.3 }
  return paying(withFaults({ lostAnswer: 0.3, crash: 0 }, alone, { acts: 16, message: 8, reacts: 0.8 })(drawn))
}
export const sociable: Focus = withFaults({}, { sessions: 2 }, { acts: 16, decide: 2, message: 6, reacts: 0.8 })
/** Payments side by side that end while a commit is on its way, and people who write meanwhile. */
export const interrupted: Focus = (drawn) => {
  const busy = { sessions: 1, tenants: 1, callsAtMost: 6, leaseMs: 15_000, slowestMs: 60 }
  return { ...sociable(sluggish(drawn)), ...busy }
}
/** Models and tools that fail, few retries, and people who cancel. */
export const failing: Focus = (drawn) => {
  const { budget } = drawn
  const work: Partial<Shape> = { tools: ['look', 'note'], ends: 0.2, budget: { ...budget, maxCallRetries: 2 } }
  return paying(withFaults({ modelFails: 0.6, toolFailsBefore: 0.6 }, work, { acts: 16, cancel: 6 })(drawn))
}
/** People who are asked about everything, and edit nearly all of it. */
export const editing: Focus = (drawn) => {
  const approval = { ...drawn.approval, over: 0, total: null, expiresAfterMs: 20_000, notRequester: false }
  return withFaults(
    { crash: 0.01 },
    { tools: ['note', 'tip'], approval },
    { acts: 16, decide: 8, rejects: 0, edits: 0.9 },
  )(drawn)
}
