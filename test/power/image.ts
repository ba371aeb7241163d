/**
 * What a disk may hold after the power was lost: an image of the store's folder.
 *
 * - Sectors of 512 bytes are written whole or not at all. Each sector that unsynced writes touched holds what it held after any one of
 *   them, or what was synced: the system had that many chances to write it out. Sectors choose for themselves, so that writes stand in
 *   any order, in parts, or not at all.
 * - The size is any of those that the file has had since its sync. A file that was cut is cut, and the writes before are gone, where
 *   the chosen size is that of the cut or of a later change; else it was not. Where the size grew and the bytes did not come, there
 *   are zeros, or whatever the disk held there.
 * - Each name of a folder stands for what it stood for after any one of its unsynced changes, or at the last sync.
 * - The index of the write-ahead log is absent, or garbage.
 */
import type { Random } from '../kill/random.ts'
import { type Disk, endOf, type FileChange, type FileNode, type FolderNode } from './disk.ts'

export const SECTOR = 512

/** Sizes and sectors as they are after so many changes since the last sync; 0: as they were synced. */
export type Choice = { readonly size: number; readonly sector: (index: number) => number }

/** `modes` says how each part was chosen, for people who read a failure. */
export type Image = { readonly files: Map<string, Buffer>; readonly modes: readonly string[] }

type Mode = (typeof modes)[number]
const modes = ['all', 'none', 'prefix', 'subset', 'newest', 'torn', 'all_but_one'] as const

/** How often everything is chosen in the same manner; else the parts of an image know nothing of each other. */
const ALIKE = 0.3
const GARBAGE = 0.25
const INDEX_PAGES = 8

/** `path`: the folder, from the root of the disk. An image without files is one in which the folder is not there. */
export function buildImage(disk: Disk, path: readonly string[], random: Random): Image {
  const shared = random.chance(ALIKE) ? random.pick(modes) : null
  const modeOf = (): Mode => shared ?? random.pick(modes)
  const said: string[] = []
  const files = new Map<string, Buffer>()
  let folder = disk.root
  for (const name of path) {
    const next = namesOf(folder, modeOf(), random).get(name)
    if (next?.type !== 'folder') return { files, modes: [`no folder ${name}`] }
    folder = next
  }
  const mode = modeOf()
  if (folder.pending.length > 0) said.push(`names ${mode}`)
  for (const [name, node] of namesOf(folder, mode, random)) {
    if (node.type === 'folder') continue
    const mode = modeOf()
    if (node.pending.length > 0) said.push(`${name} ${mode} of ${node.pending.length}`)
    files.set(name, fileOf(node, choose(node.pending, mode, random), random.chance(GARBAGE) ? random : null))
  }
  return { files, modes: said }
}

/** For the index, which is never right after the power was lost. */
export function garbage(random: Random, length = INDEX_PAGES * 4_096): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)))
}

function namesOf({ synced, pending }: FolderNode, mode: Mode, random: Random): FolderNode['synced'] {
  const names = new Map(synced)
  for (const name of new Set(pending.map((each) => each.name))) {
    const versions = [synced.get(name), ...pending.filter((each) => each.name === name).map(({ node }) => node)]
    const chosen =
      mode === 'all' ? versions.at(-1) : mode === 'none' ? versions[0] : random.pick(versions.map(box)).node
    if (chosen) names.set(name, chosen)
    else names.delete(name)
  }
  return names
}

function box<T>(node: T): { readonly node: T } {
  return { node }
}

/** The file with the changes that the choice lets stand. `noise`: for what the disk held where nothing was written. */
export function fileOf({ synced, pending }: FileNode, choice: Choice, noise: Random | null = null): Buffer {
  const end = pending.reduce((most, each) => Math.max(most, endOf(each)), synced.length)
  const content = Buffer.alloc(Math.ceil(end / SECTOR) * SECTOR)
  synced.copy(content)
  if (noise !== null) fillNew(content, synced.length, noise)
  let size = synced.length
  for (const [index, change] of pending.entries()) {
    const number = index + 1
    if (change.type === 'write') {
      writeSectors(content, change, (sector) => number <= choice.sector(sector))
      if (number <= choice.size) size = Math.max(size, endOf(change))
    } else if (number <= choice.size) {
      if (change.size < size) content.fill(0, change.size)
      size = change.size
    }
  }
  return content.subarray(0, size)
}

/** Sectors that lie wholly after what was synced hold anything, until they are written. */
function fillNew(content: Buffer, syncedSize: number, noise: Random): void {
  const sector = garbage(noise, SECTOR)
  for (let at = Math.ceil(syncedSize / SECTOR) * SECTOR; at < content.length; at += SECTOR) sector.copy(content, at)
}

type Write = Extract<FileChange, { type: 'write' }>

function writeSectors(content: Buffer, { offset, bytes }: Write, stands: (sector: number) => boolean): void {
  for (let at = 0; at < bytes.length; ) {
    const sector = Math.floor((offset + at) / SECTOR)
    const next = Math.min(bytes.length, (sector + 1) * SECTOR - offset)
    if (stands(sector)) bytes.copy(content, offset + at, at, next)
    at = next
  }
}

/** A choice in the manner of the mode. */
export function choose(pending: readonly FileChange[], mode: Mode, random: Random): Choice {
  const last = pending.length
  const upTo = (number: number): Choice => ({ size: number, sector: () => number })
  if (last === 0) return upTo(0)
  switch (mode) {
    case 'all':
      return upTo(last)
    case 'none':
      return upTo(0)
    case 'prefix':
      return upTo(random.between(0, last))
    case 'subset':
      return chooseSubset(pending, random)
    case 'newest':
      return chooseNewest(pending, random)
    case 'torn':
      return chooseTorn(pending, random)
    case 'all_but_one':
      return chooseAllButOne(pending, random)
  }
}

/** Each sector for itself. */
function chooseSubset(pending: readonly FileChange[], random: Random): Choice {
  const chosen = new Map<number, number>()
  for (const [sector, numbers] of touches(pending)) chosen.set(sector, random.pick([0, ...numbers]))
  const size = random.chance(0.5) ? pending.length : random.between(0, pending.length)
  return { size, sector: (index) => chosen.get(index) ?? 0 }
}

/** What was written last stands, what was written before does not. */
function chooseNewest(pending: readonly FileChange[], random: Random): Choice {
  const first = random.between(1, pending.length)
  const touched = touches(pending)
  return {
    size: pending.length,
    sector: (index) => ((touched.get(index)?.at(-1) ?? 0) >= first ? pending.length : 0),
  }
}

/** Everything before one write stands, nothing after it, and of that write the first or the last sectors. */
function chooseTorn(pending: readonly FileChange[], random: Random): Choice {
  const number = random.between(1, pending.length)
  const change = pending[number - 1]
  if (change?.type !== 'write') return { size: number, sector: () => number }
  const first = Math.floor(change.offset / SECTOR)
  const cut = random.between(first, Math.floor((endOf(change) - 1) / SECTOR))
  const isBeginning = random.chance(0.5)
  const stands = (index: number): boolean => (isBeginning ? index <= cut : index > cut)
  return { size: random.between(number - 1, number), sector: (index) => (stands(index) ? number : number - 1) }
}

function chooseAllButOne(pending: readonly FileChange[], random: Random): Choice {
  const touched = touches(pending)
  const [missing, numbers] = touched.size === 0 ? [-1, []] : random.pick([...touched])
  const older = random.pick([0, ...numbers.slice(0, -1)])
  return { size: pending.length, sector: (index) => (index === missing ? older : pending.length) }
}

/** Which changes wrote to a sector, by their numbers. */
function touches(pending: readonly FileChange[]): ReadonlyMap<number, readonly number[]> {
  const touched = new Map<number, number[]>()
  for (const [index, change] of pending.entries()) {
    if (change.type !== 'write') continue
    for (let at = Math.floor(change.offset / SECTOR); at * SECTOR < endOf(change); at += 1) {
      const numbers = touched.get(at) ?? []
      numbers.push(index + 1)
      touched.set(at, numbers)
    }
  }
  return touched
}
