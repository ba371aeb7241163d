/** Which model the example runs on: the script, or a real one where the environment holds a key. */
import { type Model, PawlError } from 'pawl'
import { model } from 'pawl/models/provider'
import { scripted } from 'pawl/models/scripted'
import { decide } from './scripted/decide.ts'

/** The script. It reads the same requests as a real model would, and says of itself that it is scripted. */
export function scriptedModel(): Model {
  return scripted(decide, { id: 'scripted/support-triage' })
}

type Environment = { readonly [name: string]: string | undefined }

type Service = { readonly provider: string; readonly prefix: string; readonly modelId: string }

const services: readonly Service[] = [
  { provider: 'openai', prefix: 'OPENAI', modelId: 'gpt-5-mini' },
  { provider: 'anthropic', prefix: 'ANTHROPIC', modelId: 'claude-sonnet-4-5' },
  { provider: 'google', prefix: 'GOOGLE_GENERATIVE_AI', modelId: 'gemini-2.5-flash' },
]

/**
 * The model for this environment: the first of `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` and `GOOGLE_GENERATIVE_AI_API_KEY` that
 * is set, at its `…_BASE_URL` where there is one; `TRIAGE_MODEL` (`anthropic/…`) names another model of a provider that has a key.
 * Without a key it is the script.
 * @throws PawlError `api_key_missing` if `TRIAGE_MODEL` names a provider without a key.
 */
export async function modelFor(environment: Environment): Promise<Model> {
  const wanted = environment['TRIAGE_MODEL'] ?? ''
  const service = services.find((each) =>
    wanted === '' ? keyOf(each, environment) !== '' : wanted.startsWith(`${each.provider}/`),
  )
  if (service === undefined && wanted === '') return scriptedModel()
  const id = wanted === '' ? `${service?.provider}/${service?.modelId}` : wanted
  const apiKey = service === undefined ? '' : keyOf(service, environment)
  if (apiKey === '') throw missingKey(id, service)
  const baseURL = environment[`${service?.prefix}_BASE_URL`]
  return model(id, { apiKey, ...(baseURL !== undefined && baseURL !== '' && { baseURL }) })
}

function keyOf({ prefix }: Service, environment: Environment): string {
  return environment[`${prefix}_API_KEY`] ?? ''
}

function missingKey(id: string, service: Service | undefined): PawlError {
  const names = (service === undefined ? services : [service]).map(({ prefix }) => `${prefix}_API_KEY`)
  const message = `TRIAGE_MODEL is ${id}: expected ${names.join(' or ')} in the environment, found none. Set it, or unset TRIAGE_MODEL for the scripted model.`
  return new PawlError('api_key_missing', message)
}
