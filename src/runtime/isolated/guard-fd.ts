/** Where the process of an isolated call finds the pipe by which it notices that its runtime is gone. */
export const GUARD_FD = 4
