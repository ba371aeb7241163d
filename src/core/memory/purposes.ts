/** Requests to a model that make memory shorter or turn a result into facts. They stand in front of a turn, and are none. */
import type { Purpose } from '../event-parts.ts'

export type MemoryPurpose = Extract<Purpose, 'process' | 'compress' | 'summarize'>

export const memoryPurposes = ['process', 'compress', 'summarize'] as const

export function isOfMemory(purpose: Purpose): purpose is MemoryPurpose {
  return memoryPurposes.some((known) => known === purpose)
}
