/** Any JSON value, as it stands in the log: finite numbers, well-formed strings, plain objects. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}
