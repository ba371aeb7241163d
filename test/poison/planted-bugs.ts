/** Bugs that the cases must notice: each takes a rule of the border, the driver or a store away. */
import { admit, type Completion, type Json, type PawlEvent, parseJson } from '../../src/core/index.ts'
import type { canonicalJson } from '../../src/runtime/hash.ts'
import { type Wiring, wiring } from '../../src/runtime/wiring.ts'
import { plantedAnswers } from './planted-answers.ts'
import { type PlantedBug, type Subject, shipped } from './subject.ts'

type Parse = typeof parseJson
type Handle = Wiring['handle']

/** Reads as the border does, but lets through what it refuses for this reason. */
function letsThrough(reason: RegExp): Parse {
  return (text, limits, mode) => {
    const read = parseJson(text, limits, mode)
    if (read.type === 'ok' || !reason.test(read.problem)) return read
    try {
      return { type: 'ok', value: JSON.parse(text) }
    } catch {
      return read
    }
  }
}

/** Merges what it has refused, the careless way, which is how prototypes get polluted. */
const pollutes: Parse = (text, limits, mode) => {
  const read = letsThrough(/is not allowed/)(text, limits, mode)
  const merge = (target: object, from: object) => {
    for (const key of Object.keys(from)) {
      const [into, value]: unknown[] = [Reflect.get(target, key), Reflect.get(from, key)]
      if (typeof into === 'object' && into !== null && typeof value === 'object' && value !== null) merge(into, value)
      else if (typeof value === 'boolean') Reflect.set(target, key, value)
    }
  }
  if (read.type === 'ok' && typeof read.value === 'object' && read.value !== null) merge({}, read.value)
  return parseJson(text, limits, mode)
}

/** A copy that asks nothing of texts. */
const keepsSurrogates: typeof admit = (value, limits, mode) => {
  const admitted = admit(value, limits, 'repair')
  return admitted.type === 'ok' && typeof value === 'string' ? { type: 'ok', value } : admit(value, limits, mode)
}

/** Goes down by calling itself, without counting. */
const recurses: Parse = (text, limits, mode) => {
  const descend = (at: number): number => (text[at] === '[' || text[at] === '{' ? descend(at + 1) + 1 : at)
  descend(0)
  return parseJson(text, limits, mode)
}

/** What a database does that keeps numbers in a form of its own. */
function reencodes(body: string): string {
  return body.replaceAll(/(?<=[:[,])-?\d+(?:\.\d+)?e[+-]\d+(?=[,}\]])|(?<=[:[,])0(?=[,}\]])/g, (digits) =>
    Number(digits).toFixed(1),
  )
}

const reencoding: Subject['wrapStore'] = (store) => ({
  ...store,
  append: (append) =>
    store.append({ ...append, events: append.events.map((event) => ({ ...event, body: reencodes(event.body) })) }),
})

function withHandle(change: (events: readonly PawlEvent[], completion: Completion) => readonly PawlEvent[]): Subject {
  const handle: Handle = (state, command, moment) => {
    const handled = wiring.handle(state, command, moment)
    if (handled.type === 'refused' || command.type !== 'record_outcome') return handled
    return { type: 'accepted', events: change(handled.events, command) }
  }
  return { ...shipped, wiring: { ...wiring, handle } }
}

const respondedWith = (change: (event: Extract<PawlEvent, { type: 'model_responded' }>) => PawlEvent): Subject =>
  withHandle((events) => events.map((event) => (event.type === 'model_responded' ? change(event) : event)))

const throwsOnFinish = respondedWith((event) => {
  if (event.response.finish === 'other') throw new TypeError('expected a finish that is known')
  return event
})

/** What a border would have let through: the counts as a provider gave them. */
const takesUsage = respondedWith((event) => {
  const { usage } = event.response
  return usage === null
    ? { ...event, response: { ...event.response, usage: { inputTokens: -5, outputTokens: 1 } } }
    : event
})

const takesCallIds = withHandle((events) => {
  const responded = events.find((event) => event.type === 'model_responded')
  const parts = responded?.response.parts.filter(({ type }) => type === 'call' || type === 'invalid_call') ?? []
  const callIds = parts.map((part) => ('providerCallId' in part ? part.providerCallId : ''))
  return events.map((event) => (event.type === 'decision_recorded' ? { ...event, callIds } : event))
})

/** A message cut in the middle of a character, as a careless slice leaves it. */
const cutsCharacters: Subject = {
  ...shipped,
  wiring: {
    ...wiring,
    handle: (state, command, moment) => {
      const handled = wiring.handle(state, command, moment)
      if (handled.type === 'refused') return handled
      return { type: 'accepted', events: handled.events.map(cut) }
    },
  },
}

function cut(event: PawlEvent): PawlEvent {
  if (event.type !== 'call_finished' || event.outcome.type !== 'blocked') return event
  const at = event.outcome.message.indexOf('😀')
  if (at === -1) return event
  return { ...event, outcome: { ...event.outcome, message: event.outcome.message.slice(0, at + 1) } }
}

/** Keeps a copy of everything that was ever read. */
const kept: Json[] = []
const leaks: Parse = (text, limits, mode) => {
  const read = parseJson(text, limits, mode)
  kept.push(...Array.from({ length: 400 }, (_, index) => `${index} ${text.slice(0, 20)}`))
  return read
}

/** Says yes to a settlement, and writes nothing. */
const forgetsSettlements: Subject = {
  ...shipped,
  wiring: {
    ...wiring,
    handle: (state, command, moment) => {
      const handled = wiring.handle(state, command, moment)
      if (handled.type === 'refused' || command.type !== 'settle') return handled
      return { type: 'accepted', events: [] }
    },
  },
}

const sloppyCanonical: typeof canonicalJson = (value) => JSON.stringify(value)

export const plantedBugs: readonly PlantedBug[] = [
  ...plantedAnswers,
  {
    name: 'a border that lets __proto__ through',
    kind: 'texts',
    within: 3_000,
    caughtBy: /read as ok, the rules say forbidden key$/,
    subject: { ...shipped, parseJson: letsThrough(/is not allowed/) },
  },
  {
    name: 'a border that keeps the last of two equal keys',
    kind: 'texts',
    within: 3_000,
    caughtBy: /read as ok, the rules say key twice$/,
    subject: { ...shipped, parseJson: letsThrough(/stands twice/) },
  },
  {
    name: 'a border that takes numbers that lost digits',
    kind: 'texts',
    within: 3_000,
    caughtBy: /read as ok, the rules say inexact number$/,
    subject: { ...shipped, parseJson: letsThrough(/beyond 2\^53/) },
  },
  {
    name: 'a reader that goes down by calling itself',
    kind: 'texts',
    within: 3_000,
    caughtBy: / deep: it threw: RangeError: Maximum call stack/,
    subject: { ...shipped, parseJson: recurses },
  },
  {
    name: 'a merge that pollutes Object.prototype',
    kind: 'texts',
    within: 3_000,
    caughtBy: /Object\.prototype has got polluted$/,
    subject: { ...shipped, parseJson: pollutes },
  },
  {
    name: 'a border that does not look for lone surrogates',
    kind: 'values',
    within: 3_000,
    caughtBy: /it threw: Error: Lone surrogate/,
    subject: { ...shipped, admit: keepsSurrogates },
  },
  {
    name: 'canonical text in the order of insertion',
    kind: 'values',
    within: 3_000,
    caughtBy: /its canonical text is another by the independent library$/,
    subject: { ...shipped, canonicalJson: sloppyCanonical },
  },
  {
    name: 'a border that keeps what it has read',
    kind: 'texts',
    within: 3_000,
    caughtBy: /bytes were left in memory$/,
    subject: { ...shipped, parseJson: leaks },
  },
  {
    name: 'a store that writes numbers in a form of its own',
    kind: 'sessions',
    within: 50,
    caughtBy: /on sqlite: event \d+ \(\w+\): no canonical JSON$/,
    subject: { ...shipped, wrapStore: reencoding },
  },
  {
    name: 'a driver that throws on a finish that it does not know',
    kind: 'sessions',
    within: 50,
    caughtBy: /the driver reported: TypeError: expected a finish that is known/,
    subject: throwsOnFinish,
  },
  {
    name: 'usage taken as it is given',
    kind: 'sessions',
    within: 50,
    caughtBy: /\(model_responded\): the usage .* cannot be$/s,
    subject: takesUsage,
  },
  {
    name: 'call ids taken from the provider',
    kind: 'sessions',
    within: 50,
    caughtBy: /the call id .* is not ours, or was given twice$/s,
    subject: takesCallIds,
  },
  {
    name: 'a message cut in the middle of a character',
    kind: 'sessions',
    within: 100,
    caughtBy: /the driver reported: Error: Lone surrogate/,
    subject: cutsCharacters,
  },
  {
    name: 'a settlement that is taken and never written',
    kind: 'sessions',
    within: 200,
    caughtBy: /was settled, and still nobody knows/,
    subject: forgetsSettlements,
  },
]
