/** Code review: reviewers look for one thing each, a skeptic doubts what they found, and a person sees what would stop a change. */
import { type Agent, type AnyTool, agent, type Model, type Policy, tool } from 'pawl'
import { policy } from 'pawl/policies'
import { z } from 'zod'
import { inside, replaceFile } from '../planned/inside.ts'
import { filesOf, patchesOf } from './change.ts'
import { checks, type Repository } from './repository.ts'

export type CodeReviewOptions = {
  readonly repository: Repository
  /** The folder that reviews are written to. */
  readonly reviews: string
  readonly model: Model
}

export function codeReview({ repository, reviews, model }: CodeReviewOptions): Agent {
  return agent({
    name: 'code-review',
    instructions: 'You review changes of code.',
    model,
    tools: [...readingTools(repository), runCheck(repository), writeReview(reviews)],
    policies: [personSeesRefusals],
    // Its plans are given: no model is asked for one, or for how to go about a message.
    planning: { planner: null, router: null, maxParallelTasks: 4 },
    specialists: [
      {
        name: 'reviewer',
        domain: 'Looks at a change for one thing, and for nothing else.',
        instructions: 'Name file and line, what goes wrong for whom, and how to mend it. Nothing found is an answer.',
        tools: ['read_diff', 'read_file'],
      },
      {
        name: 'skeptic',
        domain: 'Tries to refute what reviewers found, by the code as it is after the change.',
        instructions: 'Keep a finding only if it is true in the file. Say of each that you drop why it is none.',
        tools: ['read_diff', 'read_file'],
      },
      {
        name: 'writer',
        domain: 'Writes what others have found, for whoever made the change.',
        instructions: 'The verdict first. Add nothing of your own.',
      },
    ],
  })
}

/** A change may come from anybody: its text is marked as theirs wherever a model reads it. */
function readingTools(repository: Repository): readonly AnyTool[] {
  return [
    tool({
      name: 'read_diff',
      description: 'Reads the change between two commits: its files, and the patch; with a path, of that file alone.',
      effect: 'read',
      trust: 'external',
      input: z.object({ from: z.string(), to: z.string(), path: z.string().optional() }),
      run: async ({ path, ...range }, { signal }) => {
        const patch = await repository.diff(range, signal)
        const part = patchesOf(patch).find((each) => each.path === path)?.patch ?? ''
        return { ...range, files: filesOf(patch), patch: path === undefined ? patch : part }
      },
      summarize: ({ files }) => ({ files: files.length }),
    }),
    tool({
      name: 'read_file',
      description: 'Reads a file as it is at a commit, each line with its number.',
      effect: 'read',
      trust: 'external',
      input: z.object({ path: z.string(), ref: z.string() }),
      run: async ({ path, ref }, { signal }) => ({ path, ref, text: await repository.file({ path, ref }, signal) }),
    }),
  ]
}

/** Programs by name: nothing that a model or a change says becomes a command. */
function runCheck(repository: Repository): AnyTool {
  return tool({
    name: 'run_check',
    description: 'Runs one of the checks on the change between two commits.',
    effect: 'read',
    input: z.object({
      check: z.enum(Object.keys(checks)),
      from: z.string(),
      to: z.string(),
      paths: z.array(z.string()),
    }),
    run: async ({ check, paths, ...range }, { signal }) => {
      const patches = patchesOf(await repository.diff(range, signal))
      const looked = patches.filter(({ path }) =>
        paths.some((each) => each === '.' || `${path}/`.startsWith(`${each}/`)),
      )
      const problem = checks[check]?.(looked.map(({ patch }) => patch).join('')) ?? null
      return { check, passed: problem === null, ...(problem !== null && { problem }) }
    },
  })
}

/** Idempotent: the file is replaced whole, so that writing it twice leaves what writing it once does. */
function writeReview(reviews: string): AnyTool {
  return tool({
    name: 'write_review',
    description: 'Writes a review as a Markdown file. One of the same name is replaced.',
    effect: 'idempotent',
    input: review,
    run: ({ path, text, verdict }) => {
      replaceFile(inside(reviews, path), text)
      return `The verdict is ${verdict}. The review stands in ${path}.`
    },
  })
}

const review = z.object({
  path: z.string(),
  verdict: z.enum(['approve', 'comment', 'request_changes']),
  text: z.string().min(1),
})

/** What would stop somebody's change is seen by a person before it is written. */
const personSeesRefusals: Policy = policy({
  name: 'personSeesRefusals',
  version: '1',
  tools: ['write_review'],
  check: ({ call }) => {
    const { verdict } = review.parse(call.input)
    if (verdict !== 'request_changes') return { type: 'allow' }
    const message = 'the review asks for changes; look whether it is right before it is written'
    return { type: 'require_approval', reason: 'requests_changes', message, ask: 'a maintainer' }
  },
})
