import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { PawlError } from '../ports/index.ts'
import { loadPeer, PeerMissingError } from './peer.ts'
import { findPrice } from './prices.ts'
import { model } from './provider.ts'
import { mergeSettings } from './settings.ts'

function hasCode(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof PawlError && error.code === code && message.test(error.message)
}

test('importing the models loads no optional package', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const code = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found } })
    for (const file of ['scripted', 'ai-sdk', 'provider']) await import(${JSON.stringify(folder)} + file + '.ts')
    console.log(JSON.stringify(loaded.filter((url) => url.includes('node_modules'))))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  assert.deepEqual(JSON.parse(said), [])
})

test('a model is named provider/model, and keeps its name', async () => {
  const made = await Promise.all(
    ['openai/gpt-5', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-pro'].map((id) => model(id, { apiKey: 'k' })),
  )
  assert.deepEqual(
    made.map(({ id }) => id),
    ['openai/gpt-5', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-pro'],
  )
  assert(made.every(({ price, isScripted }) => price !== null && isScripted === undefined))
  const local = await model('compatible/org/llama-3', { apiKey: '', baseURL: 'http://127.0.0.1:1/v1' })
  assert.deepEqual([local.id, local.price], ['compatible/org/llama-3', null])
})

test('a name, a key or an address that cannot work is refused before any request, with what to write instead', async () => {
  await assert.rejects(model('gpt-5', { apiKey: 'k' }), hasCode('unknown_provider', /openai\/….*"gpt-5"/))
  await assert.rejects(model('openai/', { apiKey: 'k' }), hasCode('unknown_provider', /"openai\/"/))
  await assert.rejects(model('toString/x', { apiKey: 'k' }), hasCode('unknown_provider', /toString/))
  await assert.rejects(model('openai/gpt-5', { apiKey: '' }), hasCode('api_key_missing', /openai\/gpt-5/))
  await assert.rejects(model('compatible/x', { apiKey: '' }), hasCode('base_url_missing', /found none/))
  await assert.rejects(
    model('compatible/x', { apiKey: '', baseURL: 'localhost' }),
    hasCode('base_url_missing', /"localhost"/),
  )
})

test('a package that is not installed is named, with the command that installs it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  await assert.rejects(
    loadPeer('@ai-sdk/openai', () => Promise.reject(missing)),
    (error) => {
      return error instanceof PeerMissingError && /npm install @ai-sdk\/openai$/.test(error.message)
    },
  )
  const broken = new Error('broken inside')
  await assert.rejects(
    loadPeer('@ai-sdk/openai', () => Promise.reject(broken)),
    broken,
  )
})

test('a price is in micro-dollars for a million tokens, and null where nobody knows it', async () => {
  assert.deepEqual(await findPrice({ provider: 'openai', modelId: 'gpt-5' }), {
    inputMicroUsdPerMTok: 1_250_000,
    outputMicroUsdPerMTok: 10_000_000,
    cachedInputMicroUsdPerMTok: 125_000,
  })
  // Dearer over 200,000 tokens of prompt: the price is that of shorter ones.
  const tiered = await findPrice({ provider: 'google', modelId: 'gemini-2.5-pro' })
  assert.deepEqual(tiered?.inputMicroUsdPerMTok, 1_250_000)
  assert.equal(await findPrice({ provider: 'openai', modelId: 'gpt-nobody-knows' }), null)
  assert.equal(await findPrice({ provider: 'compatible', modelId: 'gpt-5', baseURL: 'http://127.0.0.1/v1' }), null)
  const deepseek = {
    provider: 'compatible',
    modelId: 'deepseek-chat',
    baseURL: 'https://api.deepseek.com/v1',
  }
  assert.notEqual(await findPrice(deepseek), null)
})

test('a price that is given wins, null too', async () => {
  const price = { inputMicroUsdPerMTok: 1, outputMicroUsdPerMTok: 2 }
  assert.deepEqual((await model('openai/gpt-5', { apiKey: 'k', price })).price, price)
  assert.equal((await model('openai/gpt-5', { apiKey: 'k', price: null })).price, null)
})

test('later settings win, and those of one provider do not drop those of another', () => {
  const first = { seed: 1, providerOptions: { openai: { store: false }, google: { a: 1 } } }
  const second = { seed: 2, providerOptions: { openai: { user: 'u' } } }
  assert.deepEqual(mergeSettings(first, second), {
    seed: 2,
    providerOptions: { openai: { store: false, user: 'u' }, google: { a: 1 } },
  })
  assert.deepEqual(mergeSettings(first), first)
})
