/** A module whose run takes all memory that it gets. */
export function run(): never {
  const hoard: unknown[] = []
  for (;;) hoard.push(new Array(10_000).fill(hoard.length))
}
