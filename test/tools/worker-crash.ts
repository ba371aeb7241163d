/** Ends as V8 ends a process. */
process.abort()
