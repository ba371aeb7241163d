/** Bugs that the proof must notice: of the writer, of a disk that says a sync was done, and of an image that lost what was synced. */
import type { Random } from '../kill/random.ts'
import type { CheckName } from './check-image.ts'
import { type Image, SECTOR } from './image.ts'
import { FOLDERS, LOG_FILE, STORE_FILE, type WriterBug } from './writer-orders.ts'

export type Plant = { readonly bug: string; readonly caughtBy: readonly CheckName[] } & (
  | { readonly type: 'writer'; readonly writer: WriterBug }
  | { readonly type: 'disk'; readonly liesAbout: (name: string) => boolean }
  /** False where there was nothing to hurt. */
  | { readonly type: 'image'; readonly hurt: (image: Image, random: Random) => boolean }
)

const [above, own] = FOLDERS

export const plants: readonly Plant[] = [
  {
    type: 'writer',
    bug: 'an append is acknowledged before it is committed',
    writer: 'early_acknowledgement',
    caughtBy: ['acknowledged'],
  },
  {
    type: 'writer',
    bug: 'the store never syncs (synchronous=OFF)',
    writer: 'never_syncs',
    caughtBy: ['acknowledged', 'readable', 'chain'],
  },
  {
    type: 'disk',
    bug: 'the log is not synced when a commit ends',
    liesAbout: (name) => name === LOG_FILE,
    caughtBy: ['acknowledged'],
  },
  {
    type: 'disk',
    bug: 'the log starts over before the file that took it in is synced',
    liesAbout: (name) => name === STORE_FILE,
    caughtBy: ['acknowledged', 'readable', 'chain'],
  },
  {
    type: 'disk',
    bug: 'the names of new files are not synced',
    liesAbout: (name) => name === `${own}/`,
    caughtBy: ['acknowledged'],
  },
  {
    type: 'disk',
    bug: 'the name of a new folder is not synced',
    liesAbout: (name) => name === `${above}/`,
    caughtBy: ['acknowledged'],
  },
  { type: 'image', bug: 'the last commit of the synced log is gone', hurt: dropLastFrame, caughtBy: ['acknowledged'] },
  { type: 'image', bug: 'a sector in the synced log is torn', hurt: tearLog, caughtBy: ['acknowledged'] },
  {
    type: 'image',
    bug: 'a byte of the synced file is another',
    hurt: flipByte,
    caughtBy: ['readable', 'chain', 'acknowledged', 'whole'],
  },
]

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const SALTS_BYTES = 8

function dropLastFrame({ files }: Image): boolean {
  const log = files.get(LOG_FILE)
  const frames = log === undefined ? [] : framesOf(log)
  const last = frames.at(-1)
  if (last === undefined) return false
  last.fill(0)
  return true
}

function tearLog({ files }: Image, random: Random): boolean {
  const log = files.get(LOG_FILE)
  const frames = log === undefined ? [] : framesOf(log)
  if (frames.length === 0) return false
  const frame = random.pick(frames)
  frame.fill(0, 0, SECTOR)
  return true
}

function flipByte({ files }: Image, random: Random): boolean {
  const file = files.get(STORE_FILE)
  if (file === undefined || file.length === 0) return false
  const at = random.between(0, file.length - 1)
  file[at] = (file[at] ?? 0) ^ 0xff
  return true
}

/** The frames since the log started over: those with the salts of its header. They are parts of the log, not copies. */
function framesOf(log: Buffer): readonly Buffer[] {
  if (log.length < LOG_HEADER_BYTES) return []
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8)
  const salts = log.subarray(16, 16 + SALTS_BYTES)
  const frames: Buffer[] = []
  for (let at = LOG_HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes)
    if (!frame.subarray(8, 8 + SALTS_BYTES).equals(salts)) break
    frames.push(frame)
  }
  return frames
}
