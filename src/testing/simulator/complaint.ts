/** What an invariant says when it is broken, and how a table of invariants is made. */
import type { EventKind, EventOf } from '../../core/index.ts'
import type { SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

export type Complaint = { readonly invariant: string; readonly detail: string }

export type Checking = { readonly seq: number; readonly at: number; readonly expected: Expected }

/** A part of the table from kind to check. */
export type Checks = {
  readonly [K in EventKind]?: (record: SessionRecord, event: EventOf<K>, checking: Checking) => readonly Complaint[]
}

export function complain(invariant: string, isBroken: boolean, detail: () => string): readonly Complaint[] {
  return isBroken ? [{ invariant, detail: detail() }] : []
}
