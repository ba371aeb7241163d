/** What the tasks of this plan hand to each other, as its template asks for it. */
import { z } from 'zod'

export const finding = z.object({ claim: z.string(), quote: z.string(), path: z.string() })
export type Finding = z.infer<typeof finding>

export const topicFindings = z.object({
  topic: z.string(),
  findings: z.array(finding),
  missing: z.array(z.string()),
})
export type TopicFindings = z.infer<typeof topicFindings>

export const analysis = z.object({
  answer: z.string(),
  points: z.array(z.object({ point: z.string(), paths: z.array(z.string()) })),
  gaps: z.array(z.string()),
})
export type Analysis = z.infer<typeof analysis>

/** As `read_doc` answers. */
export const readDocument = z.object({ path: z.string(), text: z.string() })
