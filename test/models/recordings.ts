/** The recorded streams of `provider-streams`: which wire each speaks, its events, and the twin that has its name. */
import { readdirSync } from 'node:fs'
import type { Json } from 'pawl/core'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'
import { asList, asObject, isTerminal, type Wire } from './wires.ts'

export type Recording = {
  /** `package/…/file` without what every name has; `#2` and on where one file holds the streams of several requests. */
  readonly name: string
  readonly wire: Wire
  readonly events: readonly string[]
  /** The answer that was recorded without streaming under the same name. */
  readonly twin: Json | undefined
}

export type Recordings = {
  readonly streams: readonly Recording[]
  /** Streams of no wire that we speak, with the reason. */
  readonly left: readonly { readonly name: string; readonly reason: string }[]
  /** Answers of a provider that are errors, by name. */
  readonly errors: readonly { readonly name: string; readonly wire: Wire; readonly body: Json }[]
}

/** The first that matches the name; a reason instead of a wire where it is left out. */
const wires: readonly (readonly [RegExp, Wire | { readonly reason: string }])[] = [
  [/^(openai|google)\/speech-translation\//, { reason: 'live speech translation over a WebSocket, no chat' }],
  [/^openai\/(completion|image)\//, { reason: 'the old completion API: no messages, no tools' }],
  [/^openai\/chat\//, 'openai-chat'],
  [/^openai\/responses\//, 'openai-responses'],
  [/^azure\/azure-deepseek-reasoning/, 'compatible'],
  [/^azure\//, 'openai-responses'],
  [/^open-responses\//, 'openai-responses'],
  [/^xai\/responses\//, 'openai-responses'],
  [/^anthropic\//, 'anthropic'],
  [/^google\/interactions\//, { reason: 'the interactions API, a wire of its own; chat goes through generateContent' }],
  [/^google\//, 'google'],
  [/^(alibaba|deepseek|groq|mistral|moonshotai|openai-compatible|perplexity|xai)\//, 'compatible'],
  [/^amazon-bedrock\//, { reason: "AWS's binary event stream, neither SSE nor OpenAI-compatible" }],
  [/^cohere\//, { reason: "Cohere's own chat API v2, not OpenAI-compatible" }],
]

/** Undefined where the folder is absent. */
export function loadRecordings(): Recordings | undefined {
  const folder = dataFolder('provider-streams')
  if (folder === undefined) return undefined
  const files = readdirSync(folder).filter((file) => file.endsWith('.json.gz'))
  const all = files.sort().flatMap((file) => {
    const recorded = asObject(readJsonFile(folder, file))
    const names = Object.keys(recorded).sort()
    return names.map((path) => ({
      path,
      recording: asObject(recorded[path]),
      twin: recorded[path.replace(/\.chunks\.txt$/, '.json')],
    }))
  })
  const streams = all.filter(({ recording }) => recording['kind'] === 'stream')
  const left: { name: string; reason: string }[] = []
  const spoken = streams.flatMap(({ path, recording, twin }) => {
    const name = nameOf(path)
    const wire = wireOf(name)
    const events = asList(recording['events']).map(textOf)
    if (typeof wire === 'string') return split({ name, wire, events, twin: asObject(twin)['body'] })
    left.push({ name, reason: wire.reason })
    return []
  })
  const errors = all.flatMap(({ path, recording }) => {
    const name = nameOf(path)
    const wire = wireOf(name)
    const { body } = recording
    const isError =
      body !== undefined &&
      Object.keys(asObject(asObject(body)['error'])).length > 0 &&
      asObject(body)['id'] === undefined
    return isError && typeof wire === 'string' ? [{ name, wire, body }] : []
  })
  return { streams: spoken, left, errors }
}

function nameOf(path: string): string {
  return path
    .replace('/src/', '/')
    .replace('__fixtures__/', '')
    .replace(/\.(chunks\.txt|json)$/, '')
}

function wireOf(name: string): Wire | { readonly reason: string } {
  return wires.find(([pattern]) => pattern.test(name))?.[1] ?? { reason: 'nobody has looked at it' }
}

/** One file may hold the streams of several requests of one conversation, one behind the other. */
function split(recording: Recording): readonly Recording[] {
  const { wire, events, name } = recording
  if (wire !== 'anthropic' && wire !== 'openai-responses') return [recording]
  const ends = events.flatMap((text, index) => (isTerminal(wire, text) ? [index + 1] : []))
  if (ends.length < 2) return [recording]
  return ends.map((end, index) => ({
    ...recording,
    name: index === 0 ? name : `${name}#${index + 1}`,
    events: events.slice(ends[index - 1] ?? 0, end),
    twin: index === 0 ? recording.twin : undefined,
  }))
}

/** An event as its bytes were: some were recorded raw, because they are not JSON. */
function textOf(event: Json): string {
  const { raw } = asObject(event)
  return typeof raw === 'string' ? raw : JSON.stringify(event)
}
