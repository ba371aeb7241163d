/** Recorded sessions: what a model answered, turn by turn, kept as JSON for tests to play back. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const providerData = z.json().exactOptional()

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string(), providerData }),
  z.strictObject({ type: z.literal('reasoning'), text: z.string(), providerData }),
  z.strictObject({
    type: z.literal('call'),
    providerCallId: z.string(),
    tool: z.string(),
    input: z.json(),
    providerData,
  }),
])

const usage = z.strictObject({
  inputTokens: z.int(),
  outputTokens: z.int(),
  cachedInputTokens: z.int().exactOptional(),
  reasoningTokens: z.int().exactOptional(),
})

const response = z.strictObject({
  parts: z.array(part),
  finish: z.enum(['stop', 'length', 'refusal', 'tool_calls', 'error', 'other']),
  usage: usage.nullable(),
  requestId: z.string().exactOptional(),
  modelId: z.string().exactOptional(),
})

const recordingSchema = z.strictObject({
  title: z.string(),
  /** The model that answered, as `provider/model`. */
  model: z.string(),
  /** What the customer wrote. */
  message: z.string(),
  responses: z.array(response),
})

export type Recording = z.output<typeof recordingSchema>

/** The complaints that are recorded, by the name of their file. */
export const complaints = {
  'double-charge-under-threshold': {
    title: 'double charge complaint under threshold',
    message: "I was charged twice and your docs didn't help (account acct_1001)",
  },
  'double-charge-over-threshold': {
    title: 'double charge complaint over threshold',
    message: "I was charged twice and your docs didn't help (account acct_1002)",
  },
} as const

export type Complaint = keyof typeof complaints

/** The file of a recording. */
export function recordingUrl(name: Complaint): URL {
  return new URL(`./recorded/${name}.json`, import.meta.url)
}

/** Reads a recording. @throws ZodError if the file is not one. */
export function readRecording(name: Complaint): Recording {
  return recordingSchema.parse(JSON.parse(readFileSync(recordingUrl(name), 'utf8')))
}

/** Checks a recording and writes it as it stands in a file. @throws ZodError if it could not be read again. */
export function printRecording(recording: unknown): string {
  return `${JSON.stringify(recordingSchema.parse(recording), null, 2)}\n`
}
