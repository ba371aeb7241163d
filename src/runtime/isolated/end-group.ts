/** Ends the process of an isolated call, and all that it has started in its group, which it leads. */
export function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    // Where there are no groups.
    process.kill(process.pid, 'SIGKILL')
  }
}
