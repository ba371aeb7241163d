/** Traces that are written by hand, so that the disks they leave are known without a program. */
import { createDisk, type Disk } from './disk.ts'
import { type Step, stepOf } from './steps.ts'
import { readStrace } from './strace-text.ts'

export function quote(text: string): string {
  return `"${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
}

export const trace = {
  create: (name: string, descriptor: number, flags = 'O_RDWR|O_CREAT') =>
    `1 openat(AT_FDCWD, ${quote(`/disk/${name}`)}, ${flags}, 0644) = ${descriptor}`,
  openFolder: (name: string, descriptor: number) =>
    `1 openat(AT_FDCWD, ${quote(`/disk${name}`)}, O_RDONLY|O_CLOEXEC) = ${descriptor}`,
  makeFolder: (name: string) => `1 mkdir(${quote(`/disk/${name}`)}, 0777) = 0`,
  unlink: (name: string) => `1 unlink(${quote(`/disk/${name}`)}) = 0`,
  write: (descriptor: number, text: string, offset: number) =>
    `1 pwrite64(${descriptor}, ${quote(text)}, ${text.length}, ${offset}) = ${text.length}`,
  add: (descriptor: number, text: string) => `1 write(${descriptor}, ${quote(text)}, ${text.length}) = ${text.length}`,
  truncate: (descriptor: number, size: number) => `1 ftruncate(${descriptor}, ${size}) = 0`,
  sync: (descriptor: number) => `1 fsync(${descriptor}) = 0`,
  close: (descriptor: number) => `1 close(${descriptor}) = 0`,
} as const

export function stepsOf(...lines: readonly string[]): readonly Step[] {
  return [...readStrace(lines.map((line) => `${line}\n`).join(''))].flatMap((call) => stepOf(call) ?? [])
}

/** The disk under `/disk` after these lines. */
export function diskAfter(...lines: readonly string[]): Disk {
  return diskThatLies(() => false, ...lines)
}

export function diskThatLies(liesAbout: (name: string) => boolean, ...lines: readonly string[]): Disk {
  const disk = createDisk('/disk', liesAbout)
  for (const step of stepsOf(...lines)) disk.apply(step)
  return disk
}
