/** What a planner is asked to plan: the newest message, and what was said before it. */
import { markText } from '../mark-external.ts'
import type { State, TranscriptEntry } from '../state.ts'
import { cutTo, type Room, shareOf } from './plan-text.ts'

/** Messages and answers before the newest message that a planner is told. */
const EARLIER_ENTRIES = 10
/** Characters of all of them together, and of one. */
const EARLIER_TEXT: Room = { total: 8_000, mostEach: 4_000, leastEach: 200 }

const EARLIER =
  'Said before in this conversation, for reference. What was answered or done there is not to be done again; what has no answer yet belongs to the request.'

/** A stranger's text stays text, also for who plans. */
export function requestText({ transcript }: State): string {
  const newest = transcript.findLastIndex(({ type }) => type === 'user')
  const request = transcript.slice(newest, newest + 1).flatMap(saidIn)
  const earlier = transcript.flatMap((entry, index) => (index === newest ? [] : saidIn(entry))).slice(-EARLIER_ENTRIES)
  const [text = ''] = request.map((said) => shown(said, said.text.length))
  if (earlier.length === 0) return text
  const share = shareOf(
    earlier.map((said) => said.text.length),
    EARLIER_TEXT,
  )
  return [text, EARLIER, ...earlier.map((said) => `${said.by}: ${shown(said, share)}`)].join('\n\n')
}

type Said = { readonly by: 'user' | 'answer'; readonly text: string; readonly isExternal: boolean }

function saidIn(entry: TranscriptEntry): readonly Said[] {
  if (entry.type === 'user') return [{ by: 'user', text: entry.text, isExternal: entry.trust === 'external' }]
  const text = entry.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return text === '' ? [] : [{ by: 'answer', text, isExternal: false }]
}

function shown({ text, isExternal }: Said, characters: number): string {
  const cut = cutTo(text, characters)
  return isExternal ? markText(cut) : cut
}
