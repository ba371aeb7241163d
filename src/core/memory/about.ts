/** What a request of memory is about, said when it is made: the state may be another when it is answered. */

export type MemoryAbout =
  /** The call whose result is made into facts. */
  | { readonly type: 'process'; readonly callId: string; readonly attempt: number }
  /** The facts that become two or three points. */
  | { readonly type: 'compress'; readonly keys: readonly string[] }
  /** The turns that become a summary. */
  | {
      readonly type: 'summarize'
      readonly throughSeq: number
      readonly cutCharacters: number | null
      readonly tokensBefore: number
      readonly tokensAfter: number
    }
