import type { EngineHost } from '../ports/index.ts'

/** Runs what the host does for retention, each time so long after the last has ended. Answers with how to stop: once none is under way. */
export function sweepEvery({ env, retention, report }: EngineHost): () => Promise<void> {
  const { everyMs, run } = retention
  if (everyMs <= 0) return async () => {}
  const controller = new AbortController()
  const { signal } = controller
  let sweeping: Promise<void> = Promise.resolve()
  let cancelTimer = () => {}
  const sweep = async () => {
    await run(signal).catch(report)
    if (!signal.aborted) wait()
  }
  const wait = () => {
    cancelTimer = env.setTimer(everyMs, () => {
      sweeping = sweep()
    })
  }
  wait()
  return async () => {
    controller.abort()
    cancelTimer()
    await sweeping
  }
}
