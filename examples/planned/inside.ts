/** Paths that plans and models name, kept within one folder. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { ToolError } from 'pawl'

/** @throws ToolError `tookEffect: false` for a path that leads out of the folder. Links within it are followed. */
export function inside(folder: string, path: string): string {
  const normal = normalize(path)
  if (!isAbsolute(normal) && normal.split(/[\\/]/)[0] !== '..') return join(folder, normal)
  throw new ToolError(`expected a path inside the folder; found ${path}`, { tookEffect: false })
}

/** The file is there whole or not at all; one that was there is replaced. Doing it again changes nothing. */
export function replaceFile(target: string, text: string): void {
  const unfinished = `${target}.${process.pid}.tmp`
  mkdirSync(dirname(target), { recursive: true })
  try {
    writeFileSync(unfinished, text, { flush: true })
    renameSync(unfinished, target)
  } finally {
    rmSync(unfinished, { force: true })
  }
}
