/**
 * The border (law 7): outside data becomes a value that can stand in the log, or a problem in words. Whatever passes here is
 * written, hashed and read again as the same bytes on every store.
 */
export { admit } from './border-admit.ts'
export { parseJson } from './border-parse.ts'
export type { Admitted, BorderLimits, BorderMode } from './border-rules.ts'
export { isStorable, previewOf, storable, utf8Bytes } from './border-text.ts'
