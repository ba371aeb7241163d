/** Research: several researchers read a folder of documents side by side, an analyst doubts them, a writer reports. */
import { type Agent, type AnyTool, agent, type Model, type Policy, tool } from 'pawl'
import { policy } from 'pawl/policies'
import { z } from 'zod'
import { inside, replaceFile } from '../planned/inside.ts'
import type { Documents } from './documents.ts'

export type ResearchReportOptions = {
  readonly documents: Documents
  /** The folder that reports are written to. */
  readonly reports: string
  readonly model: Model
}

export function researchReport({ documents, reports, model }: ResearchReportOptions): Agent {
  return agent({
    name: 'research-report',
    instructions: 'You answer questions from documents.',
    model,
    tools: [...readingTools(documents), writeReport(reports)],
    policies: [onlyMarkdown],
    // Its plans are given: no model is asked for one, or for how to go about a message.
    planning: { planner: null, router: null },
    specialists: [
      {
        name: 'researcher',
        domain: 'Finds what the documents say about one topic, word for word.',
        instructions:
          'Quote, and name the document. What you did not find is worth as much as what you found: list it.',
        tools: ['search_docs', 'read_doc'],
      },
      {
        name: 'analyst',
        domain: 'Weighs findings against the documents that they come from, and answers the question.',
        instructions: 'Read again what a finding quotes. A quote that does not stand there is no finding.',
        tools: ['read_doc'],
      },
      {
        name: 'writer',
        domain: 'Writes what others have found, for those who asked.',
        instructions: 'Write plainly. Add nothing of your own: what is not in the analysis is not in the report.',
      },
    ],
  })
}

/** Anybody may have written the documents: what they say is marked as theirs wherever a model reads it. */
function readingTools(documents: Documents): readonly AnyTool[] {
  return [
    tool({
      name: 'list_docs',
      description: 'Lists the documents of a folder: path, title, length in words.',
      effect: 'read',
      trust: 'external',
      input: z.object({ folder: z.string() }),
      run: ({ folder }) => ({ documents: documents.list(folder) }),
    }),
    tool({
      name: 'search_docs',
      description: 'Finds the passages of a folder of documents that hold the words of a query; the best first.',
      effect: 'read',
      trust: 'external',
      input: z.object({ query: z.string(), folder: z.string() }),
      run: ({ query, folder }) => ({ passages: documents.search(folder, query) }),
      summarize: ({ passages }) => ({ passages: passages.length }),
    }),
    tool({
      name: 'read_doc',
      description: 'Reads what one document says about something, by a path as list_docs and search_docs give it.',
      effect: 'read',
      trust: 'external',
      input: z.object({ path: z.string(), about: z.string().describe('The topic, or words that stand in it.') }),
      run: ({ path, about }) => ({ path, text: documents.read(path, about) }),
    }),
  ]
}

/** Idempotent: the file is replaced whole, so that writing it twice leaves what writing it once does. */
function writeReport(reports: string): AnyTool {
  return tool({
    name: 'write_report',
    description: 'Writes a report as a Markdown file. One of the same name is replaced.',
    effect: 'idempotent',
    input: z.object({ path: z.string(), text: z.string().min(1) }),
    run: ({ path, text }) => {
      replaceFile(inside(reports, path), text)
      return `The report stands in ${path}: ${text.split(/\s+/).filter(Boolean).length} words.`
    },
  })
}

const onlyMarkdown: Policy = policy({
  name: 'onlyMarkdown',
  version: '1',
  tools: ['write_report'],
  check: ({ call }) => {
    const { path } = z.object({ path: z.string() }).parse(call.input)
    if (path.endsWith('.md')) return { type: 'allow' }
    return { type: 'deny', reason: 'not_markdown', message: `a report is a file .md; ${path} is none` }
  },
})
