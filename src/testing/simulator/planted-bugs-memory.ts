/** Bugs that are planted in memory and artifacts; each in worlds that all have much to remember. */
import { withFaults } from './focus.ts'
import { remembering, rememberingPlans } from './focus-memory.ts'
import { type PlantedBug, planted, stored, WITHIN_SEEDS } from './planted-bug.ts'
import * as memories from './planted-memory.ts'

const digging = { digs: 0.8 } as const
const processing = { digs: 0.6, processor: 'function', processesAll: true, flawed: 0, maxFacts: 3 } as const
const compacting = {
  digs: 0.6,
  whenTokens: 1_500,
  keepTurns: 1,
  windowTurns: 0,
  hasSummarizer: true,
  flawed: 0,
} as const

/** One task at a time, tried again and again, with inputs that take a while to be read. */
const oneByOne = rememberingPlans(
  { processor: 'none', digs: 0 },
  {
    maxParallelTasks: 1,
    given: 20,
    fails: 0,
    tasks: 9,
    recovery: { tool_retryable: { action: 'retry', maxRetries: 3, backoffMs: 200 } },
  },
)

export const plantedInMemory: readonly PlantedBug[] = [
  {
    ...stored('an event before its artifact', ['artifacts: saved before it is named'], memories.savesLater),
    focus: remembering(digging),
  },
  {
    ...stored('a sweep that takes what is in use', ['artifacts: what is named is never swept'], memories.unnamed),
    focus: remembering({ ...digging, orphanArtifactMs: 1_000, sweepEveryMs: 1_000 }),
  },
  {
    ...planted('the hash of other bytes', ['artifacts: what is stored is what the tool said'], {
      handle: memories.namesAnother,
    }),
    focus: remembering(digging),
  },
  {
    name: 'artifacts read by anyone',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['P15 a session reads its own artifacts'],
    plant: memories.readByAnyone(),
    focus: remembering(digging, { sessions: 4, tenants: 2 }),
  },
  {
    name: 'a preview that is the whole',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['artifacts: a log has a preview'],
    plant: memories.withoutPreview(),
    focus: remembering(digging),
  },
  {
    ...planted('a processed result shown raw', ['memory: a processed result is never shown raw'], {
      reduce: memories.showsProcessed,
    }),
    focus: remembering(processing),
  },
  {
    ...planted('a compaction that parts a call from its result', ['memory: a call stands with its result'], {
      reduce: memories.partsCalls,
    }),
    focus: remembering(compacting),
  },
  {
    ...planted('the plan dropped with the history', ['memory: the plan stands in every prompt'], {
      reduce: memories.dropsPlan,
    }),
    focus: rememberingPlans({ ...compacting, windowTurns: 1 }, { flexible: 20 }),
  },
  {
    ...planted('a boundary that the summary has not seen', ['memory: a summary has seen what leaves'], {
      handle: memories.laterBoundary,
    }),
    focus: remembering(compacting),
  },
  {
    ...planted('a compaction without an event', ['memory: what leaves a prompt stands in the log'], {
      reduce: memories.compactsSilently,
    }),
    focus: remembering({ ...digging, whenTokens: 0, windowTurns: 0 }),
  },
  {
    ...planted('a fact replaced by one that is less sure', ['memory: the surer fact stays'], {
      handle: memories.unsureReplaces,
    }),
    focus: remembering(processing),
  },
  {
    ...planted('pinned facts compressed', ['memory: pinned facts stay'], {
      next: memories.unpinnedNext,
      handle: memories.unpinnedHandle,
    }),
    focus: remembering({ ...processing, maxFacts: 2 }),
  },
  {
    ...planted('a patch applied two times', ['memory: a result is processed once'], { handle: memories.patchesAgain }),
    focus: (drawn) => withFaults({ lostAnswer: 0.3 })(remembering(processing)(drawn)),
  },
  {
    ...planted('requests of memory that are not counted', ['P10 what is charged is what was used'], {
      handle: memories.freeMemory,
    }),
    focus: remembering({ ...processing, processor: 'model' }),
  },
  {
    ...planted('an input that begins a task over the limit', ['plans: side by side under the cap'], {
      handle: memories.resolvesAtOnce,
    }),
    focus: (drawn) => {
      const approval = { ...drawn.approval, over: 0, twoOver: 5, denyOver: 5, total: null, notRequester: false }
      const people = { acts: 16, decide: 8, rejects: 0, edits: 0, reacts: 0.8 }
      const held = { tools: ['note', 'tip'] as const, approval, slowestMs: 300 }
      return withFaults({ toolFailsBefore: 0.3, crash: 0 }, held, people)(oneByOne(drawn))
    },
  },
  {
    ...stored(
      'what is gone taken for empty',
      ['artifacts: what is gone is not read', 'artifacts: what is read is what is stored'],
      memories.emptyForGone,
    ),
    focus: remembering({ ...digging, losses: 8, processor: 'none' }),
  },
]
