import { expect, test } from 'vitest'
import template from '../../templates/data-pipeline.json' with { type: 'json' }
import { planFrom } from './plan-from.ts'

test('a template that lacks fields, or has others, is refused with all of them at once', () => {
  const refused = expect.objectContaining({
    code: 'invalid_template',
    message: expect.stringMatching(/fields\.sorce[\s\S]+fields\.source[\s\S]+fields\.target/),
  })
  expect(() => planFrom(template, { sorce: 'in.csv', columns: ['id'] })).toThrow(refused)
})

test('what is no template is refused', () => {
  expect(() => planFrom({ goal: 'x' }, {})).toThrow(expect.objectContaining({ code: 'invalid_template' }))
})
