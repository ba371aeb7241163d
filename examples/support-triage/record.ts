/**
 * Records the complaints anew, with the model of this environment (see model.ts):
 * `node --conditions=pawl-source examples/support-triage/record.ts`. A change of a recording is reviewed like one of the API.
 */
import { writeFileSync } from 'node:fs'
import { createRuntime, type Model } from 'pawl'
import { memoryStore } from 'pawl/stores/memory'
import { supportTriage } from './agent.ts'
import { modelFor } from './model.ts'
import { type Complaint, complaints, printRecording, recordingUrl } from './recording.ts'
import { openWorld } from './world/open-world.ts'

const model = await modelFor(process.env)
await record('double-charge-under-threshold', model)
await record('double-charge-over-threshold', model)

async function record(name: Complaint, recordedModel: Model): Promise<void> {
  const { title, message } = complaints[name]
  const world = openWorld(':memory:')
  const agents = [supportTriage({ world, model: recordedModel })]
  const runtime = createRuntime({ store: memoryStore(), agents })
  const session = await runtime.start('support-triage', { message })
  const responses: unknown[] = []
  for await (const item of runtime.watch(session, { until: 'rest' })) {
    if (item.type === 'event' && item.event.type === 'model_responded') responses.push(item.event.response)
  }
  await runtime.stop()
  world.close()
  writeFileSync(recordingUrl(name), printRecording({ title, model: recordedModel.id, message, responses }))
  console.log(`${title}: ${responses.length} responses of ${recordedModel.id}`)
}
