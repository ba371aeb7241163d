/** The files of one folder; nothing outside it is read or written. */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ToolError } from 'pawl'
import { inside } from '../planned/inside.ts'

export interface Files {
  /** @throws ToolError if it cannot be read. */
  read(path: string): string
  /**
   * Writes a new file, whole or not at all.
   * @throws ToolError `tookEffect: false` if there is one already: what is there is never replaced.
   */
  create(path: string, text: string): void
  /** Whether this is exactly what the file holds. */
  holds(path: string, text: string): boolean
}

export function filesOf(folder: string): Files {
  const at = (path: string) => inside(folder, path)
  return {
    read: (path) => {
      try {
        return readFileSync(at(path), 'utf8')
      } catch (cause) {
        throw new ToolError(`expected a file ${path} in ${folder}; it cannot be read`, { cause, tookEffect: false })
      }
    },
    create: (path, text) => {
      const target = at(path)
      const unfinished = `${target}.${process.pid}.tmp`
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(unfinished, text, { flush: true })
      try {
        linkSync(unfinished, target)
      } catch (cause) {
        throw new ToolError(`expected no file ${path}; there is one. Name another.`, { cause, tookEffect: false })
      } finally {
        rmSync(unfinished, { force: true })
      }
    },
    holds: (path, text) => existsSync(at(path)) && readFileSync(at(path), 'utf8') === text,
  }
}
