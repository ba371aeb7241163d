/** How a command ends, for scripts. `pawl --help` prints this table. */
export const exitCodes = {
  ok: { code: 0, says: 'done, or the session has ended as it should' },
  failed: { code: 1, says: 'refused, not found, or the session ended failed or cancelled' },
  usage: { code: 2, says: 'the command line or the configuration cannot be understood' },
  blocked: { code: 3, says: 'the session waits for people' },
  unsound: { code: 4, says: 'a check does not hold (verify, doctor)' },
  interrupted: {
    code: 130,
    says: 'stopped by Ctrl-C (SIGTERM: 143); the session goes on when it is driven again',
  },
} as const

export type Exit = keyof typeof exitCodes | 'terminated'

export const EXIT_TERMINATED = 143

export function codeOf(exit: Exit): number {
  return exit === 'terminated' ? EXIT_TERMINATED : exitCodes[exit].code
}
