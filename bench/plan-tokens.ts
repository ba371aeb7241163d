/**
 * The same scripted work as one loop and as a plan: the same tools are called, the same is found, the same report is written. Tokens
 * are estimated from the characters of each whole request and answer, on both sides alike. What a provider charges less for, since it
 * was sent before, counts in full here: a loop sends the same beginning again and again, and gains more from that than a plan.
 */
import { agent, createRuntime, type Model, tool } from 'pawl'
import type { PlanTask, ProposedPlan, Usage } from 'pawl/core'
import { type ScriptedDecision, scripted, scriptedTasks } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { memoryStore } from 'pawl/stores/memory'
import { z } from 'zod'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { shown } from './run/table.ts'

const PARTS = [2, 4, 8, 16] as const
/** Calls of one part, and characters of what each of them answers. */
const READS = 3
const PAGE_CHARACTERS = 4_000

/** Where what a loop drags along outweighs what a plan has to say anew. */
const MANY_PARTS = 8

export const planTokens: Benchmark = async () => {
  const findings: Finding[] = []
  for (const parts of PARTS) {
    const loop = await tokensOf(scripted(oneLoop(parts)), { route: 'direct' })
    const plan = await tokensOf(
      scriptedTasks({ plan: [{ json: JSON.parse(JSON.stringify(planFor(parts))) }], tasks: planned(parts) }),
      { route: 'plan_and_subagent' },
    )
    findings.push({
      name: `tokens of a plan against one loop, ${parts} parts of ${READS} calls`,
      unit: 'x',
      value: total(plan) / total(loop),
      goal: parts >= MANY_PARTS ? atMost(1) : null,
      note: `${say(plan)}, against ${say(loop)}`,
    })
  }
  return findings
}

type Spent = Usage & { readonly requests: number }

function total({ inputTokens, outputTokens }: Spent): number {
  return inputTokens + outputTokens
}

function say({ inputTokens, outputTokens, requests }: Spent): string {
  return `${shown(inputTokens)} + ${shown(outputTokens)} in ${requests} requests`
}

const read = tool({
  name: 'read_page',
  description: 'Reads a page of a source.',
  effect: 'read',
  input: z.object({ part: z.number(), page: z.number() }),
  run: ({ part, page }) => `Page ${page} of source ${part}. ${'It says what it says. '.repeat(PAGE_CHARACTERS / 22)}`,
})

async function tokensOf(model: Model, { route }: { readonly route: 'direct' | 'plan_and_subagent' }): Promise<Spent> {
  const spent = { inputTokens: 0, outputTokens: 0, requests: 0 }
  const counted: Model = {
    ...model,
    generate: async (request, options) => {
      const response = await model.generate(request, options)
      spent.requests += 1
      spent.inputTokens += response.usage?.inputTokens ?? 0
      spent.outputTokens += response.usage?.outputTokens ?? 0
      return response
    },
  }
  const researcher = agent({
    name: 'researcher',
    instructions: 'You read sources page by page, say what each of them comes to, and write a report on all of them.',
    model: counted,
    tools: [read],
    policies: [allowTools([read])],
    planning: { router: null, route },
    specialists: [
      {
        name: 'reader',
        domain: 'Reads one source.',
        instructions: 'You read a source and say what it comes to.',
        tools: ['read_page'],
      },
    ],
    budget: { maxTurns: 1_000, maxTokens: 100_000_000 },
  })
  const runtime = createRuntime({ store: memoryStore(), agents: [researcher] })
  const { sessionId } = await runtime.start('researcher', { message: 'Read all sources and report on them.' })
  const { status, text } = await runtime.result({ sessionId })
  await runtime.stop()
  if (status.type !== 'done' || text !== REPORT) throw new Error(`expected the report; found ${JSON.stringify(status)}`)
  return spent
}

const REPORT = 'All sources agree on what matters, and differ in how they say it. '.repeat(12).trim()

function finding(part: number): string {
  return `Source ${part} comes to this: ${'what it says holds where it was measured. '.repeat(6).trim()}`
}

function reads(part: number): readonly ScriptedDecision[] {
  return Array.from({ length: READS }, (_, page) => ({ calls: [{ tool: 'read_page', input: { part, page } }] }))
}

/** What a source came to is said beside the first call of the next. */
function oneLoop(parts: number): readonly ScriptedDecision[] {
  const turns = Array.from({ length: parts }, (_, part) =>
    reads(part).map((decision, page) => {
      const isNext = page === 0 && part > 0 && typeof decision !== 'string'
      return isNext ? { ...decision, text: finding(part - 1) } : decision
    }),
  )
  return [...turns.flat(), REPORT]
}

function planned(parts: number): { readonly [taskId: string]: readonly ScriptedDecision[] } {
  const tasks = Array.from({ length: parts }, (_, part) => [`source_${part}`, [...reads(part), finding(part)]] as const)
  return Object.fromEntries([...tasks, ['report', [REPORT]]])
}

function planFor(parts: number): ProposedPlan {
  const sources = Array.from({ length: parts }, (_, part): PlanTask => {
    const description = `Read the pages of source ${part}, and say in a few sentences what it comes to.`
    return { id: `source_${part}`, name: `Read source ${part}`, description, dependsOn: [], specialist: 'reader' }
  })
  const report: PlanTask = {
    id: 'report',
    name: 'Report',
    description: 'Write a report on what all sources come to.',
    dependsOn: sources.map(({ id }) => id),
    needs: 'settled',
    specialist: 'reader',
  }
  return { goal: 'A report on all sources', tasks: [...sources, report] }
}
