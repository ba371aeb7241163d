/** Sizes as people read them, in powers of 1024: `812 B`, `16 KiB`, `1.4 MiB`. */
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const
const STEP = 1_024

export function bytesShown(bytes: number): string {
  if (bytes < STEP) return `${bytes} B`
  let value = bytes / STEP
  let unit = 0
  // What rounds to 1024 of a unit is 1 of the next.
  while (Math.round(value) >= STEP && unit < UNITS.length - 1) {
    value /= STEP
    unit += 1
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${UNITS[unit]}`
}
