/** Reads events of older formats. A released meaning never changes: what an old event lacks is filled in here, once. */
import { type EventKind, FORMAT, type PawlEvent } from './event.ts'
import { reducers } from './reduce.ts'

export type Upcast =
  | { readonly type: 'known'; readonly event: PawlEvent }
  | { readonly type: 'unknown'; readonly kind: string; readonly format: number }

type Body = { readonly [key: string]: unknown }

/** From a kind and the format that it was written in, to the same event one format later. Empty while there is one format. */
const upcasters: Readonly<Record<string, readonly ((body: Body) => Body)[]>> = {}

export function upcast(kind: string, format: number, body: Body): Upcast {
  if (format > FORMAT || !isKind(kind)) return { type: 'unknown', kind, format }
  const steps = upcasters[kind] ?? []
  const latest = steps.slice(format - 1).reduce((older, step) => step(older), body)
  // The body was encoded from an event of this kind; what changed since has been filled in by the steps.
  return { type: 'known', event: { ...latest, type: kind } as PawlEvent }
}

function isKind(kind: string): kind is EventKind {
  return Object.hasOwn(reducers, kind)
}
