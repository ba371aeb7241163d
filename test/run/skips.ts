/** Full names of tests (group titles and title, joined by spaces) that may be skipped, each with the reason. `real input:` stands for all of them. */
export type AllowedSkips = { readonly [name: string]: string }

/** Whether the real input is there, so that no proof on it may be left out. */
export type SkipRules = { readonly allowed: AllowedSkips; readonly hasRealInput: boolean }

/** Begins the title of a proof on real input, or of a group of them: the full name then holds it. */
const realInput = 'real input:'

/** Why each of the skipped tests may not be skipped; nothing for those that may. */
export function refuseSkips(skipped: readonly string[], rules: SkipRules): readonly string[] {
  return skipped.flatMap((name) => {
    const refusal = refusalOf(name, rules)
    return refusal === undefined ? [] : [`${name}: ${refusal}`]
  })
}

function refusalOf(name: string, { allowed, hasRealInput }: SkipRules): string | undefined {
  if (hasRealInput && name.includes(realInput)) return 'was skipped although its real input is there: run it'
  const listed = !Object.hasOwn(allowed, name) && name.includes(realInput) ? realInput : name
  const reason = Object.hasOwn(allowed, listed) ? allowed[listed] : undefined
  if (reason === undefined) return 'was skipped and is not in test/allowed-skips.json: run it, or list it with a reason'
  return reason.trim() === '' ? 'is listed in test/allowed-skips.json without a reason: give one' : undefined
}
