/** One thing that `pawl doctor` looks at. */
export type Check = {
  readonly name: string
  readonly stands: 'ok' | 'warn' | 'bad'
  /** What was found. */
  readonly says: string
  /** What to do about it. */
  readonly advice?: string
}

export function ok(name: string, says: string): Check {
  return { name, stands: 'ok', says }
}

export function warn(name: string, says: string, advice: string): Check {
  return { name, stands: 'warn', says, advice }
}

export function bad(name: string, says: string, advice: string): Check {
  return { name, stands: 'bad', says, advice }
}

/** A check that cannot be made counts as one that does not hold. */
export async function attempt(
  name: string,
  advice: string,
  check: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await check()
  } catch (problem) {
    return [bad(name, problem instanceof Error ? problem.message : String(problem), advice)]
  }
}
