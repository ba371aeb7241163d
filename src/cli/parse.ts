/** Values as they are typed. What cannot be read is a usage error that shows what was expected. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Json, JsonObject } from '../core/index.ts'
import { usageError } from './errors.ts'
import { readStandardInput } from './standard-input.ts'
import { typedIn } from './typed-in.ts'

/** Where the command was typed: files named there mean this folder, whatever folder the configuration is in. */
const folder = typedIn()

/** JSON, or `@file` with JSON in it, or `-` for standard input. */
export function parseInput(text: string): Json {
  const source = text === '-' ? readStandardInput() : text.startsWith('@') ? readNamed(text.slice(1)) : text
  try {
    // JSON.parse answers with nothing but JSON.
    return JSON.parse(source) as Json
  } catch (problem) {
    const found = problem instanceof Error ? problem.message : String(problem)
    throw usageError(
      `expected JSON, @file or - (such as '{"amount": 40}'); found ${JSON.stringify(source.slice(0, 80))}: ${found}`,
    )
  }
}

export function readNamed(path: string): string {
  try {
    return readFileSync(resolve(folder, path), 'utf8')
  } catch (problem) {
    const found = problem instanceof Error ? problem.message : String(problem)
    throw usageError(`expected a file that can be read; found: ${found}`)
  }
}

/** A whole number that is at least `least`. */
export function parseWhole(text: string, least = 0): number {
  const value = Number(text.replaceAll('_', ''))
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
    throw usageError(`expected a whole number from ${least}, such as 10_000; found ${JSON.stringify(text)}`)
  }
  return value
}

/** Dollars to micro-dollars: `2.50` or `$2.50`. */
export function parseUsd(text: string): number {
  const value = Math.round(Number(text.trim().replace(/^\$/, '')) * 1_000_000)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value <= 0) {
    throw usageError(`expected an amount in dollars, such as 2.50; found ${JSON.stringify(text)}`)
  }
  return value
}

export function parseObject(text: string): JsonObject {
  const value = parseInput(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw usageError(`expected a JSON object, such as '{"account": "A-7"}'; found ${JSON.stringify(text.slice(0, 80))}`)
}

const AGE_UNITS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** An age to milliseconds: `90min`, `12h`, `30d`, `2w`. */
export function parseAge(text: string): number {
  const [, number = '', unit = ''] = /^(\d[\d_]*) ?(min|h|d|w)$/.exec(text.trim()) ?? []
  const ageMs = Number(number.replaceAll('_', '')) * (AGE_UNITS[unit] ?? Number.NaN)
  if (number !== '' && Number.isSafeInteger(ageMs) && ageMs > 0) return ageMs
  throw usageError(`expected an age in min, h, d or w, such as 30d; found ${JSON.stringify(text)}`)
}
