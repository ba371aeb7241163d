/** Bugs that the cases must notice at the doors of models and of foreign schemas, and of what is too big for either. */
import { type Admitted, defaultLimits, type ModelResponse } from '../../src/core/index.ts'
import { type Model, ModelRequestError } from '../../src/ports/index.ts'
import type { JsonSchema } from '../../src/tools/index.ts'
import { type PlantedBug, type Subject, shipped } from './subject.ts'

type Generate = Model['generate']
type Validate = JsonSchema<unknown>['~standard']['validate']

/** An answer that passes the border, and of which one thing is then what the adapter gave. */
function takes(asGiven: (response: ModelResponse) => Partial<ModelResponse>): Subject {
  return {
    ...shipped,
    canonicalResponse: (response, limits) => ({ ...shipped.canonicalResponse(response, limits), ...asGiven(response) }),
  }
}

/** An adapter that goes on in its own way where the shipped one refuses. */
function adapting(onRefusal: (error: ModelRequestError) => ModelResponse): Subject {
  const adapt: Subject['adapt'] = (model) => {
    const adapted = shipped.adapt(model)
    const generate: Generate = (request, options) =>
      adapted.generate(request, options).catch((error) => {
        if (error instanceof ModelRequestError) return onRefusal(error)
        throw error
      })
    return { ...adapted, generate }
  }
  return { ...shipped, adapt }
}

/** Throws what it found, as a program does that expects nothing but good answers. */
const throwsUntyped = adapting(({ message }) => {
  throw new TypeError(message)
})

/** Gives what has come until the stream ended. */
const takesCutStreams = adapting((error) => {
  if (error.code !== 'cut_stream') throw error
  return { parts: [{ type: 'text', text: 'Hel' }], finish: 'stop', usage: null }
})

const waitsAsTold = adapting((error) => {
  if (error.retryAfterMs === null) throw error
  const retryAfterMs = error.retryAfterMs + 0.5
  throw new ModelRequestError(error.code, error.message, { retryable: error.retryable, retryAfterMs })
})

function validating(change: (validate: Validate, value: unknown) => ReturnType<Validate>): Subject {
  const jsonSchema: Subject['jsonSchema'] = (schema) => {
    const made = shipped.jsonSchema(schema)
    const standard = made['~standard']
    return { '~standard': { ...standard, validate: (value) => change(standard.validate, value) } }
  }
  return { ...shipped, jsonSchema }
}

const throwsAtTexts = validating((validate, value) => {
  if (typeof value === 'string') throw new TypeError('expected an object')
  return validate(value)
})

const answersLater = validating(async (validate, value) => validate(value))

/** Finds out that a schema is none when it is asked the first time. */
const compilesLate: Subject = {
  ...shipped,
  jsonSchema: (schema) => {
    const validate: Validate = (value) => shipped.jsonSchema(schema)['~standard'].validate(value)
    return { '~standard': { ...shipped.jsonSchema({})['~standard'], validate } }
  },
}

const ignoresLimits: Subject['parseJson'] = (text, limits, mode) =>
  shipped.parseJson(text, { ...limits, maxBytes: Number.MAX_SAFE_INTEGER }, mode)

function withoutLimit(name: 'maxEventBytes' | 'maxCallsInAnswer'): Subject {
  const limits = { ...defaultLimits, [name]: Number.MAX_SAFE_INTEGER }
  return { ...shipped, canonicalResponse: (response) => shipped.canonicalResponse(response, limits) }
}

/** Keeps a copy of each text that it was given. */
const kept: Admitted[] = []
const leaks: Subject['parseJson'] = (text, limits, mode) => {
  kept.push({ type: 'ok', value: text })
  return shipped.parseJson(text, limits, mode)
}

/** Waits for an answer that never comes. */
const neverSettles: Subject = {
  ...shipped,
  adapt: (model) => ({ ...shipped.adapt(model), generate: () => new Promise(() => {}) }),
}

type Planted = Omit<PlantedBug, 'kind' | 'within'>

const inParts: readonly Planted[] = [
  {
    name: 'a finish taken as it is given',
    caughtBy: /the finish .* is not one of the vocabulary$/s,
    subject: takes(({ finish }) => ({ finish })),
  },
  {
    name: 'names of a provider taken at any length',
    caughtBy: /: a name without end$/,
    subject: takes(({ parts }) => ({ parts })),
  },
  {
    name: 'an adapter that throws an error of no type',
    caughtBy: /: it threw what is no ModelRequestError: TypeError: /,
    subject: throwsUntyped,
  },
]

const inBytes: readonly Planted[] = [
  {
    name: 'a client that throws an error of no type',
    caughtBy: /: it threw what is no ModelRequestError: TypeError: /,
    subject: throwsUntyped,
  },
  {
    name: 'a stream that was cut, taken for a whole answer',
    caughtBy: /^a stream cut at byte \d+: an answer, of a stream that ended before it was whole$/,
    subject: takesCutStreams,
  },
  {
    name: 'a wait of half a millisecond',
    caughtBy: /^bytes \d+: waits [\d.]+ ms$/,
    subject: waitsAsTold,
  },
]

const inSchemas: readonly Planted[] = [
  {
    name: 'a validator that throws at a text',
    caughtBy: /: it threw: TypeError: expected an object$/,
    subject: throwsAtTexts,
  },
  { name: 'a validator that answers later', caughtBy: /: it answers later$/, subject: answersLater },
  {
    name: 'a schema that is refused only when it is asked',
    caughtBy: /: it threw: .*InvalidJsonSchemaError: /,
    subject: compilesLate,
  },
]

const inBig: readonly Planted[] = [
  {
    name: 'a limit of bytes that is ignored',
    caughtBy: /^a text over the limit: was let in$/,
    subject: { ...shipped, parseJson: ignoresLimits },
  },
  {
    name: 'an answer larger than an event taken as it is',
    caughtBy: /^an answer larger than an event: accepted, expected response_too_large$/,
    subject: withoutLimit('maxEventBytes'),
  },
  {
    name: 'any number of calls in an answer',
    caughtBy: /^an answer with 1,001 calls: accepted, expected too_many_calls$/,
    subject: withoutLimit('maxCallsInAnswer'),
  },
  {
    name: 'a reader that keeps the megabytes that it has read',
    caughtBy: /bytes were left in memory$/,
    subject: { ...shipped, parseJson: leaks },
  },
]

/** The answers and texts that are let in or refused, and the first that are measured. */
const FIRST_BIG = 16

export const plantedAnswers: readonly PlantedBug[] = [
  ...inParts.map((bug) => ({ ...bug, kind: 'parts' as const, within: 1_000 })),
  ...inBytes.map((bug) => ({ ...bug, kind: 'bytes' as const, within: 1_600 })),
  ...inSchemas.map((bug) => ({ ...bug, kind: 'schemas' as const, within: 150 })),
  ...inBig.map((bug) => ({ ...bug, kind: 'big' as const, within: FIRST_BIG })),
  {
    name: 'an adapter that never answers',
    kind: 'parts',
    within: 1,
    caughtBy: /^the worker of planted parts 0 to 0 ended with a case that never settled, at number 0 /,
    subject: neverSettles,
    hasOwnWorker: true,
  },
]
