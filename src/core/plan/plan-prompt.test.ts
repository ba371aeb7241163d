import { describe, expect, test } from 'vitest'
import { planPrompt } from './plan-prompt.ts'
import { deployMeans, hostile, ownLines } from './planner-means.fixture.ts'

const request = 'Deploy the orders service to staging.\nNothing may touch production.'

describe('what a planner is asked with', () => {
  test('is the request, the specialists, the tools and the limits', () => {
    expect(planPrompt({ ...deployMeans, request }).text.split('\n')).toEqual([
      '[REQUEST]',
      '> Deploy the orders service to staging.',
      '> Nothing may touch production.',
      '',
      '[SPECIALISTS]',
      '- deployer: Brings services onto machines and sees that they answer. (deploy, read_log)',
      '- observer: Sets up dashboards and alerts. (create_alert)',
      '',
      '[TOOLS]',
      '- create_vm (writes, may be repeated): Creates a virtual machine.',
      '- run_playbook (writes, may be repeated): Runs an Ansible playbook on a host.',
      '- open_port (writes, never repeated): Opens a port of a host to the network.',
      '  input: {"type":"object","properties":{"host":{"type":"string"},"port":{"type":"integer"}},"required":["host","port"]}',
      '- read_log (reads): Reads the log of a service.',
      '',
      '[LIMITS]',
      '- at most 10000 tasks',
      '- parents at most 4 deep',
      '- 3 tasks run side by side',
      '- at most 100 elements for a task with "forEach"',
    ])
  })

  test('holds a flexible plan to its steps, and tells nothing of what only a strict plan has', () => {
    const { instructions, text } = planPrompt({ ...deployMeans, mode: 'flexible', request })
    expect(text).toContain('- at most 50 tasks')
    expect(text).not.toContain('side by side')
    expect(instructions).not.toContain('forEach')
    expect(planPrompt({ ...deployMeans, request }).instructions).toContain('"forEach"')
  })

  test('says that there are no specialists, or no tools', () => {
    const { text } = planPrompt({ ...deployMeans, specialists: [], tools: [], request })
    expect(text).toContain('[SPECIALISTS] none: leave "specialist" out')
    expect(text).toContain('[TOOLS] none')
  })

  test('does not change with the request in what we say', () => {
    const one = planPrompt({ ...deployMeans, request })
    const other = planPrompt({ ...deployMeans, request: hostile })
    expect(other.instructions).toBe(one.instructions)
    expect(ownLines(other.text)).toEqual(ownLines(one.text))
  })

  test('is bounded, whatever the request and the tools are', () => {
    const tools = Array.from({ length: 500 }, (_, index) => ({
      name: `tool_${index}`,
      effect: 'read' as const,
      description: 'd'.repeat(100_000),
      inputSchema: { description: 's'.repeat(100_000) },
    }))
    const { text } = planPrompt({ ...deployMeans, tools, request: 'r'.repeat(1_000_000) })
    expect(text).toContain('(400 more tools not shown)')
    expect(text.length).toBeLessThan(140_000)
  })
})
