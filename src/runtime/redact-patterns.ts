/**
 * Credentials that are known by their form, whoever leaked them. Only forms that hardly anything else has: no card numbers (one
 * number of sixteen digits in ten passes the Luhn test; mark such a field sensitive), no "long random text".
 */
import { createFinder, type Finder } from './redact-find.ts'

export type PatternName =
  | 'private_key'
  | 'aws_access_key'
  | 'aws_secret_key'
  | 'github_token'
  | 'gitlab_token'
  | 'slack_token'
  | 'slack_webhook'
  | 'stripe_key'
  | 'anthropic_key'
  | 'openai_key'
  | 'google_api_key'
  | 'npm_token'
  | 'jwt'
  | 'bearer'
  | 'basic_auth'
  | 'url_password'

type Pattern = {
  readonly name: PatternName
  /** One of them stands in whatever the pattern matches; the pattern is tried only where one is found. */
  readonly anchors: readonly string[]
  /** Where it has a group `kept`, that part stays. Every run is bounded, so that no text takes more than linear time. */
  readonly form: RegExp
}

/** So short that the others would be looked for in smaller steps: it is looked for by itself. */
const URL_ANCHOR = '://'

/** Each with the document that its form is taken from. */
export const patterns: readonly Pattern[] = [
  {
    // RFC 7468; a block that is cut loses what is left of it.
    name: 'private_key',
    anchors: ['PRIVATE KEY'],
    form: /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----)[\s\S]){0,16384}-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\]{0,16384})/g,
  },
  {
    // AWS IAM user guide, "Identify Amazon Web Services entities": unique id prefixes AKIA and ASIA, base32.
    name: 'aws_access_key',
    anchors: ['AKIA', 'ASIA'],
    form: /(?<![A-Za-z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  },
  {
    // AWS CLI user guide, "Configuration and credential file settings"; the JSON of `aws iam create-access-key`.
    name: 'aws_secret_key',
    anchors: ['ecret_access_key', 'ECRET_ACCESS_KEY', 'ecretAccessKey'],
    form: /(?<kept>secret_?access_?key\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/gi,
  },
  {
    // GitHub docs, "About authentication to GitHub": token formats; 36 characters and more behind the prefix.
    name: 'github_token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    form: /gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}/g,
  },
  // GitLab docs, "Token overview": prefixes.
  { name: 'gitlab_token', anchors: ['glpat-'], form: /glpat-[A-Za-z0-9_-]{20,255}/g },
  {
    // Slack docs, "Token types" and "Rotation".
    name: 'slack_token',
    anchors: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    form: /(?:xox[abeoprs]|xapp|xoxe\.xox[bp])-[A-Za-z0-9-]{10,255}/g,
  },
  {
    // Slack docs, "Sending messages using incoming webhooks".
    name: 'slack_webhook',
    anchors: ['hooks.slack.com'],
    form: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9_/-]{20,255}/g,
  },
  {
    // Stripe docs, "API keys" and "Webhooks": secret, restricted and signing keys.
    name: 'stripe_key',
    anchors: ['k_live_', 'k_test_', 'whsec_'],
    form: /[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,255}/g,
  },
  // Anthropic docs, "API overview": keys begin with sk-ant-.
  { name: 'anthropic_key', anchors: ['sk-ant-'], form: /sk-ant-[A-Za-z0-9_-]{20,255}/g },
  {
    // OpenAI docs, "API keys" (project, service account and admin keys); older ones as GitHub's secret scanning knows them.
    name: 'openai_key',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'T3BlbkFJ'],
    form: /sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,255}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/g,
  },
  // Google Cloud docs, "Manage API keys": 39 characters, beginning with AIza.
  { name: 'google_api_key', anchors: ['AIza'], form: /AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g },
  // GitHub blog, "npm's new access token format" (2021).
  { name: 'npm_token', anchors: ['npm_'], form: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  {
    // RFC 7519 in the compact form of RFC 7515: the two JSON objects begin with {" and so with eyJ; with a signature.
    name: 'jwt',
    anchors: ['.eyJ'],
    form: /(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{16,2048}/g,
  },
  {
    // RFC 6750, section 2.1. The word stays; a credential has at least 20 characters and a digit.
    name: 'bearer',
    anchors: ['earer', 'EARER'],
    form: /(?<kept>\bbearer\s{1,4})(?=[A-Za-z._~+/=-]{0,256}\d)[A-Za-z0-9._~+/-]{20,4096}={0,2}/gi,
  },
  {
    // RFC 7617: user and password in base64.
    name: 'basic_auth',
    anchors: ['asic ', 'ASIC '],
    form: /(?<kept>authorization\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?basic\s{1,4})[A-Za-z0-9+/_-]{8,4096}={0,2}/gi,
  },
  {
    // RFC 3986, section 3.2.1: the password in the userinfo of a URL. The rest of the URL stays.
    name: 'url_password',
    anchors: [URL_ANCHOR],
    form: /(?<kept>:\/\/[^\s/?#:@"'<>[\]\\]{0,256}:)[^\s/?#@"'<>[\]\\]{1,256}(?=@)/g,
  },
]

let finder: Finder | null = null
const byName = new Map(patterns.map((pattern) => [pattern.name, pattern]))

/** Text without what has the form of a credential; the same text where nothing has. */
export function redactPatterns(text: string, mark: (name: PatternName, taken: string) => string): string {
  const names = anchors().names(text)
  const hasUrl = text.includes(URL_ANCHOR)
  if (names.size === 0 && !hasUrl) return text
  let redacted = text
  for (const { name, form } of byName.values()) {
    if (name === 'url_password' ? !hasUrl : !names.has(name)) continue
    redacted = redacted.replace(form, (whole: string, ...rest: readonly unknown[]) => {
      const kept = keptOf(rest.at(-1))
      return `${kept}${mark(name, whole.slice(kept.length))}`
    })
  }
  return redacted
}

/** Finds what a credential begins with, or has in it, but for the password of a URL. */
export function anchors(): Finder {
  finder ??= createFinder(
    patterns.flatMap(({ name, anchors: each }) =>
      each.filter((text) => text !== URL_ANCHOR).map((text) => ({ text, name })),
    ),
  )
  return finder
}

/** Where the end of the text may become a URL with a password; its length where it does not. */
export function openUrlAt(text: string): number {
  const from = Math.max(0, text.length - MAX_OPEN_URL)
  const at = OPEN_URL.exec(text.slice(from))?.index
  return at === undefined ? text.length : from + at
}

/** As long as the form of one, which see. */
const MAX_OPEN_URL = 520
const OPEN_URL = /:\/\/[^\s/?#@"'<>[\]\\]*$/

/** The last argument of a replacer is the named groups, where the form has some; else the whole text. */
function keptOf(groups: unknown): string {
  if (typeof groups !== 'object' || groups === null || !('kept' in groups)) return ''
  return typeof groups.kept === 'string' ? groups.kept : ''
}
