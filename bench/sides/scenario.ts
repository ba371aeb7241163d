/** The same small work on every side: each turn the model asks for one trivial tool, and says a sentence beside it. */
import { z } from 'zod'

export const instructions = 'You keep a tally. Add what you are given, one number a turn.'
export const question = 'Please add up the numbers that I am going to give you, one after the other.'
export const saying = 'I add the next number to the tally.'
export const addInput = z.object({ a: z.number(), b: z.number() })
export const usage = { inputTokens: 120, outputTokens: 24 }

export function add({ a, b }: { readonly a: number; readonly b: number }): { readonly sum: number } {
  return { sum: a + b }
}

/** How much of it, and how much at once. */
export type Load = { readonly sessions: number; readonly turns: number; readonly inFlight: number }
