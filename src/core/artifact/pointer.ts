/** The JSON Pointer (RFC 6901) of a part of what another names. */
export function pointerAt(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
