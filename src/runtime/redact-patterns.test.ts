import { describe, expect, test } from 'vitest'
import { createRedactor } from './redact.ts'
import { patterns } from './redact-patterns.ts'

const redactor = createRedactor({ finder: null })
const letters = (count: number) => 'aB3dE5gH7jK9mN1pQ2sT4vW6'.repeat(20).slice(0, count)

/** Without its last line. */
const unended = `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOY${letters(60)}`

/** Made after the documents that `redact-patterns.ts` names; none of them opens anything. */
const samples: Readonly<Record<string, readonly string[]>> = {
  private_key: [
    `-----BEGIN RSA PRIVATE KEY-----\nMIIB${letters(64)}\n${letters(64)}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\\nMIIB${letters(64)}\\n-----END PRIVATE KEY-----`,
    unended,
  ],
  aws_access_key: ['AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE'],
  aws_secret_key: [
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    '"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
  ],
  github_token: [`ghp_${letters(36)}`, `ghs_${letters(36)}`, `github_pat_${letters(22)}_${letters(59)}`],
  gitlab_token: [`glpat-${letters(20)}`],
  slack_token: [`xoxb-123456789012-${letters(24)}`, `xapp-1-A012-345-${letters(20)}`, `xoxe.xoxp-1-${letters(40)}`],
  slack_webhook: [`https://hooks.slack.com/services/T00000000/B00000000/${letters(24)}`],
  stripe_key: [`sk_live_${letters(24)}`, `rk_test_${letters(24)}`, `whsec_${letters(32)}`],
  anthropic_key: [`sk-ant-api03-${letters(93)}`],
  openai_key: [`sk-proj-${letters(48)}`, `sk-${letters(20)}T3BlbkFJ${letters(20)}`],
  google_api_key: [`AIza${letters(35)}`],
  npm_token: [`npm_${letters(36)}`],
  jwt: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
  bearer: ['Authorization: Bearer mF_9.B5f-4.1JqMmF_9.B5f-4.1JqM'],
  basic_auth: ['Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  url_password: ['https://admin:opensesame@example.com/x', 'postgres://app:p%40ss@db/app'],
}

describe('credentials that are known by their form', () => {
  test.each(patterns.map(({ name }) => name))('%s', (name) => {
    const given = samples[name] ?? []
    expect(given.length).toBeGreaterThan(0)
    for (const sample of given) {
      const redacted = redactor.text(`before ${sample} after`)
      expect(redacted, sample).toContain(`[redacted:${name}]`)
      expect(redacted).toMatch(/^before /)
      // What is not ended goes on to the end of the text.
      if (sample !== unended) expect(redacted).toMatch(/ after$/)
      expect(redactor.text(redacted)).toBe(redacted)
    }
  })

  test('what only looks a little like one stays as it is', () => {
    const fine = [
      'The sk-learn package, task-ant-colony, and npm_config_registry.',
      'Bearer of good news, bearer tokens are described in RFC 6750.',
      'https://example.com:8080/path?time=12:30@noon http://[::1]:3000/ mailto:a@b.example',
      'AKIA is a prefix; eyJ too; -----BEGIN CERTIFICATE-----',
      '4111 1111 1111 1111 and 0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      'basic authentication, ghp_short, xoxb-1, AIzaShort',
      '3f1c9a2b-5d6e-4f70-8a91-b2c3d4e5f601 sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ]
    for (const text of fine) expect(redactor.text(text)).toBe(text)
  })

  test('the rest of a URL and of a header stays', () => {
    expect(redactor.text('GET https://admin:opensesame@example.com/x?y=1')).toBe(
      'GET https://admin:[redacted:url_password]@example.com/x?y=1',
    )
    expect(redactor.text(`{"authorization":"Bearer ${letters(30)}"}`)).toBe(
      '{"authorization":"Bearer [redacted:bearer]"}',
    )
  })

  test('one that is kept stays', () => {
    const kept = createRedactor({ finder: null, keptPatterns: new Set(['github_token']) })
    expect(kept.text(`ghp_${letters(36)} ${`npm_${letters(36)}`}`)).toBe(`ghp_${letters(36)} [redacted:npm_token]`)
  })
})
