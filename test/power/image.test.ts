import { describe, expect, test } from 'vitest'
import { randomOf } from '../kill/random.ts'
import { diskAfter, diskThatLies, trace } from './hand-written.fixture.ts'
import { buildImage } from './image.ts'

const { create, openFolder, makeFolder, unlink, write, truncate, sync } = trace
const SEEDS = 400

/** A sector of one letter. */
const sector = (letter: string): string => letter.repeat(512)
/** Letters, each for a sector; `0` for zeros, and `?` for what the disk held there before. */
function short(content: Buffer): string {
  const letters: string[] = []
  for (let at = 0; at < content.length; at += 512) {
    const bytes = content.subarray(at, at + 512)
    const halves = [bytes.subarray(0, 256), bytes.subarray(256)].map((half) => new Set(half))
    const said = halves.map((half) => ([...half].length === 1 ? String.fromCharCode([...half][0] || 48) : '?'))
    letters.push(said[0] === said[1] ? `${said[0]}` : said.join(''))
  }
  return letters.join(' ')
}

/** All the images that seeds give of a file `a`, and `absent` where it is not there. */
function imagesOf(...lines: readonly string[]): readonly string[] {
  const images = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { files } = buildImage(diskAfter(...lines), [], randomOf(seed))
    const content = files.get('a')
    images.add(content === undefined ? 'absent' : short(content))
  }
  return [...images].sort()
}

const synced = [create('a', 5), write(5, sector('A') + sector('A'), 0), sync(5), openFolder('', 6), sync(6)]

describe('an image', () => {
  test('of a synced file with a synced name is that file', () => {
    expect(imagesOf(...synced)).toEqual(['A A'])
  })

  test('of a synced file whose name was not synced may lack it', () => {
    expect(imagesOf(create('a', 5), write(5, sector('A'), 0), sync(5))).toEqual(['A', 'absent'])
  })

  test('of a synced name whose file was not synced may hold nothing, or anything', () => {
    const images = imagesOf(create('a', 5), openFolder('', 6), sync(6), write(5, sector('A'), 0))
    expect(images).toEqual(['', '0', '?', 'A'])
  })

  test('has each unsynced sector and the size in every mixture', () => {
    expect(imagesOf(...synced, write(5, sector('B') + sector('B'), 512))).toEqual(
      ['A A', 'A B', 'A A 0', 'A A ?', 'A A B', 'A B 0', 'A B ?', 'A B B'].sort(),
    )
  })

  test('never has the later of two writes to a sector without the earlier one', () => {
    const halves = [write(5, 'B'.repeat(256), 0), write(5, 'C'.repeat(256), 256)]
    expect(imagesOf(...synced, ...halves)).toEqual(['A A', 'BA A', 'BC A'])
  })

  test('of a file that was cut has its old size, or what came after the cut', () => {
    const images = imagesOf(...synced, truncate(5, 0), write(5, sector('B'), 0))
    expect(images).toEqual(['', '0', 'A A', 'B', 'B A'])
  })

  test('of a name that was given to another file has the old one, none, or the new one', () => {
    const images = imagesOf(...synced, unlink('a'), create('a', 7), write(7, sector('B'), 0), sync(7))
    expect(images).toEqual(['A A', 'B', 'absent'])
  })

  test('has no folder whose name was not synced, whatever was synced in it', () => {
    const lines = [makeFolder('f'), create('f/a', 5), write(5, sector('A'), 0), sync(5), openFolder('/f', 6), sync(6)]
    const sizes = (given: readonly string[]) =>
      new Set(
        Array.from({ length: SEEDS }, (_, seed) => buildImage(diskAfter(...given), ['f'], randomOf(seed)).files.size),
      )
    expect(sizes(lines)).toEqual(new Set([0, 1]))
    expect(sizes([...lines, openFolder('', 7), sync(7)])).toEqual(new Set([1]))
  })

  test('is the same for the same seed', () => {
    const disk = diskAfter(...synced, write(5, sector('B').repeat(20), 0))
    expect(buildImage(disk, [], randomOf(7))).toEqual(buildImage(disk, [], randomOf(7)))
  })

  test('of a disk that lies about a sync may lack what was synced', () => {
    const disk = diskThatLies((name) => name === 'a', ...synced)
    const images = Array.from(
      { length: SEEDS },
      (_, seed) => buildImage(disk, [], randomOf(seed)).files.get('a')?.length,
    )
    expect(new Set(images)).toEqual(new Set([0, 1_024]))
  })
})
