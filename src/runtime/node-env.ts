/** Time, chance and identity of a real process. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { v7 as uuidv7 } from 'uuid'
import type { Env } from '../ports/index.ts'

/** What setTimeout can wait at most. */
const MAX_TIMER_MS = 2_147_483_647

export function nodeEnv(): Env {
  const machine = machineId()
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    uuid: () => uuidv7(),
    setTimer: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS))
      return () => clearTimeout(timer)
    },
    isRealTime: true,
    holder: JSON.stringify({ machine, pid: process.pid, startedAt: startOf(process.pid) }),
    isDead: (holder) => isDeadHolder(holder, machine),
  }
}

/** Certain only for a process of this machine, in this boot and this pid namespace. */
function isDeadHolder(holder: string, machine: string): boolean {
  const parsed = parseHolder(holder)
  if (parsed === null || parsed.machine !== machine) return false
  if (!isRunning(parsed.pid)) return true
  // The number lives on in another process: one that began at another time.
  const startedAt = startOf(parsed.pid)
  return startedAt !== null && parsed.startedAt !== null && startedAt !== parsed.startedAt
}

type Holder = { readonly machine: string; readonly pid: number; readonly startedAt: string | null }

function parseHolder(text: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || !('machine' in parsed) || !('pid' in parsed)) return null
    const { machine, pid } = parsed
    const startedAt = 'startedAt' in parsed && typeof parsed.startedAt === 'string' ? parsed.startedAt : null
    return typeof machine === 'string' && typeof pid === 'number' ? { machine, pid, startedAt } : null
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (problem) {
    // EPERM: it runs, and belongs to somebody else.
    return problem instanceof Error && 'code' in problem && problem.code === 'EPERM'
  }
}

/**
 * Killed, and only waiting for its parent to notice: it runs no more instruction. Where threads of it are left (field 20), one may
 * still be in the middle of a write, and its pipes are open.
 */
function isZombie(pid: number): boolean {
  const stat = statOf(pid)
  return stat?.[0] === 'Z' && stat[17] === '1'
}

/** Ticks since boot at which the process began (proc(5), field 22); null where there is no /proc. */
function startOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null
}

/** The fields of /proc/pid/stat behind the command's name, which may contain anything. */
function statOf(pid: number): readonly string[] | null {
  const stat = readOrNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Pids mean something only within one boot and one pid namespace. */
function machineId(): string {
  const boot = readOrNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = readOrNull(() => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot ?? '', namespace ?? ''].join('/')
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
