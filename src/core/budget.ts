/** Money and tokens: what a request may cost at most, and whether it still fits. One ledger, a fold of the model events. */
import type { Moment } from './answer.ts'
import type { Purpose, Reservation } from './event.ts'
import type { Usage } from './message.ts'
import { promptTokens } from './prompt-size.ts'
import { chainOf } from './settle-usage.ts'
import type { State, TaskState } from './state.ts'
import type { StopReason } from './vocabulary.ts'

/** Integer micro-dollars for a million tokens. */
export type Price = {
  readonly inputMicroUsdPerMTok: number
  readonly outputMicroUsdPerMTok: number
  /** Absent: cached tokens cost what other input costs. */
  readonly cachedInputMicroUsdPerMTok?: number
}

/** What an intent needs to know of the model and of the static part of its prompt. */
export type ModelTerms = {
  readonly model: string
  readonly definitionHash: string
  readonly staticTokens: number
  readonly maxOutputTokens: number
  /** Null: free, or unknown; a cost cap refuses to start without one. */
  readonly price: Price | null
}

const TOKENS_PER_MTOK = 1_000_000

/** Rounded up, so that a sum of costs never understates. */
export function costOf(usage: Usage, price: Price | null): number {
  if (price === null) return 0
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  const cachedPrice = price.cachedInputMicroUsdPerMTok ?? price.inputMicroUsdPerMTok
  const fresh = usage.inputTokens - cached
  const sum =
    fresh * price.inputMicroUsdPerMTok + cached * cachedPrice + usage.outputTokens * price.outputMicroUsdPerMTok
  return Math.ceil(sum / TOKENS_PER_MTOK)
}

/** Whose model a task's next request goes to. */
export function termsOf({ terms, otherTerms }: Moment, { purpose, specialist }: TaskState): ModelTerms {
  const whose = purpose === 'decide' ? specialist : roles[purpose]
  return (whose === null ? undefined : otherTerms?.get(whose)) ?? terms
}

/** Who is asked, where it is no turn of a task. */
const roles: { readonly [P in Exclude<Purpose, 'decide'>]: string } = {
  plan: 'planner',
  route: 'router',
  process: 'processor',
  compress: 'compressor',
  summarize: 'summarizer',
}

export type Reserved =
  | { readonly type: 'reserved'; readonly reservation: Reservation }
  /** `by`: the task whose own cap it is; null: the session's. */
  | {
      readonly type: 'exhausted'
      readonly reason: Extract<StopReason, 'token_budget' | 'cost_cap'>
      readonly by: string | null
    }

type Reserving = { readonly task: TaskState; readonly terms: ModelTerms; readonly others?: readonly SetAside[] }

/** Sets aside the worst case of one request, under the session's caps and those of every task above; the output limit is lowered to what is left. */
export function reserve(state: State, { task, terms, others = [] }: Reserving): Reserved {
  const inputTokens = terms.staticTokens + promptTokens(state, task)
  const least = Math.min(state.limits.minOutputTokens, terms.maxOutputTokens)
  let maxOutputTokens = terms.maxOutputTokens
  for (const left of capsOf(state, task)) {
    const { by, tokens, costMicroUsd } = without(left, others)
    const tokensLeft = tokens - inputTokens
    if (tokensLeft < least) return { type: 'exhausted', reason: 'token_budget', by }
    const affordable = affordableOutput(costMicroUsd, inputTokens, terms.price)
    if (affordable < least) return { type: 'exhausted', reason: 'cost_cap', by }
    maxOutputTokens = Math.min(maxOutputTokens, tokensLeft, affordable)
  }
  const costMicroUsd = costOf({ inputTokens, outputTokens: maxOutputTokens }, terms.price)
  return { type: 'reserved', reservation: { tokens: inputTokens + maxOutputTokens, costMicroUsd, maxOutputTokens } }
}

/** Set aside for a request that does not stand in the log yet, with the tasks that it counts against. */
export type SetAside = Reservation & { readonly taskIds: readonly string[] }

export function setAside(state: State, task: TaskState, reservation: Reservation): SetAside {
  return { ...reservation, taskIds: chainOf(state, task).map(({ taskId }) => taskId) }
}

/** What requests of the same answer have set aside is not left for others. */
function without({ by, tokens, costMicroUsd }: Left, others: readonly SetAside[]): Left {
  const counted = others.filter(({ taskIds }) => by === null || taskIds.includes(by))
  const sum = (key: 'tokens' | 'costMicroUsd') => counted.reduce((total, each) => total + each[key], 0)
  return { by, tokens: tokens - sum('tokens'), costMicroUsd: costMicroUsd - sum('costMicroUsd') }
}

type Left = { readonly by: string | null; readonly tokens: number; readonly costMicroUsd: number }

/** What is left of each cap that a request has to fit under: the session's first. */
function capsOf(state: State, task: TaskState): readonly Left[] {
  const { budget, ledger } = state
  const session = leftOf({ tokens: budget.maxTokens, costMicroUsd: budget.maxCostMicroUsd }, ledger)
  const tasks = chainOf(state, task).flatMap(({ taskId, cap, spent, spentBefore }) => {
    const { tokens = null, costMicroUsd = null } = cap
    if (tokens === null && costMicroUsd === null) return []
    const left = leftOf({ tokens, costMicroUsd }, spent)
    // What earlier attempts have spent does not count against this one.
    const { tokens: tokensBefore, costMicroUsd: costBefore } = spentBefore
    return [{ by: taskId, tokens: left.tokens + tokensBefore, costMicroUsd: left.costMicroUsd + costBefore }]
  })
  return [{ by: null, ...session }, ...tasks]
}

type Caps = { readonly tokens: number | null; readonly costMicroUsd: number | null }

function leftOf(caps: Caps, spent: TaskState['spent']): Omit<Left, 'by'> {
  return {
    tokens: (caps.tokens ?? Number.MAX_SAFE_INTEGER) - spent.tokens - spent.reservedTokens,
    costMicroUsd: (caps.costMicroUsd ?? Number.MAX_SAFE_INTEGER) - spent.costMicroUsd - spent.reservedCostMicroUsd,
  }
}

/** How many output tokens a rest of money buys once the input is paid. */
function affordableOutput(costLeft: number, inputTokens: number, price: Price | null): number {
  if (price === null) return Number.MAX_SAFE_INTEGER
  const rest = costLeft * TOKENS_PER_MTOK - inputTokens * price.inputMicroUsdPerMTok
  if (rest < 0) return -1
  return price.outputMicroUsdPerMTok === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(rest / price.outputMicroUsdPerMTok)
}
