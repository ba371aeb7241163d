/** Which flags of a process are for those that it starts too. */

/** Those that say which program runs, or how often: a process started with them would run the runtime's program once more. */
const programs =
  /^(-e|--eval|-pe|-p|--print|-c|--check|-i|--interactive|--test|--input-type|--run|--watch(-path)?)(=|$)/
/** Of them, those whose value is the next argument. */
const withValue = /^(-e|--eval|-pe|--input-type|--run|--watch-path)$/
const withOptionalValue = /^(-p|--print)$/
/** A debugger's port can be held only once, and a heap is sized by our own limit. */
const ownTo = /^--(inspect|debug-port|max-old-space-size|max_old_space_size)/

/** `process.execArgv` without the flags that are only for this process. */
export function inheritedFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((flag, at) => {
    const before = flags[at - 1] ?? ''
    if (withValue.test(before) && !isValueAt(flags, at - 1)) return false
    if (withOptionalValue.test(before) && !isValueAt(flags, at - 1) && !flag.startsWith('-')) return false
    return !programs.test(flag) && !ownTo.test(flag)
  })
}

/** Whether what looks like a flag is the value of the one before it. */
function isValueAt(flags: readonly string[], at: number): boolean {
  return at > 0 && withValue.test(flags[at - 1] ?? '') && !isValueAt(flags, at - 1)
}
