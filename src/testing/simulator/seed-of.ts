/** A seed from the rest of a shape. */
export function seedOf(shape: object): number {
  const text = JSON.stringify(shape)
  let seed = 0
  for (let index = 0; index < text.length; index += 1) seed = Math.imul(seed ^ text.charCodeAt(index), 0x01000193)
  return seed
}
