/** Strings at the border: their size in bytes, and what of them can stand in a log. */

const REPLACEMENT = '\uFFFD'

/** Bytes of the text in UTF-8. A lone surrogate counts as the three bytes of U+FFFD, which is what an encoder writes for it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit >= 0x800) bytes += 1
    if (isLeading(unit) && isTrailing(text.charCodeAt(index + 1))) index += 1
    bytes += 1
  }
  return bytes
}

/** The first `characters` UTF-16 units of the text, one less where the last would be half of a surrogate pair. */
export function previewOf(text: string, characters: number): string {
  if (text.length <= characters) return text
  const end = Math.max(0, Math.floor(characters))
  const isSplit = isLeading(text.charCodeAt(end - 1)) && isTrailing(text.charCodeAt(end))
  return text.slice(0, isSplit ? end - 1 : end)
}

/** Whether the text can stand in a log as it is: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The text with U+FFFD in place of every NUL and every lone surrogate. */
export function storable(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\0', REPLACEMENT)
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
