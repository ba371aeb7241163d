/** What the sections of `pawl show` on memory look like. */
import type { Trust } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'

export type MemoryLook = { readonly style: Style; readonly width: number; readonly textWidth: number }

export const INDENT = 2

export function heading({ style }: MemoryLook, name: string, size: string): string {
  return `${style.cyan(marks.turn)} ${style.bold(name)} ${style.dim(size)}`
}

/** As in front of what calls have brought. */
export function fromOutside(trust: Trust): string {
  return trust === 'external' ? '[external] ' : ''
}
