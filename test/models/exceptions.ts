/** Every recording that does not fit the rule, by name, with the reason. A name that stops being an exception fails the test. */

type Reasons = { readonly [name: string]: string }

/** Streams that come to a typed error instead of a message, however they are split. */
export const refused: { readonly [name: string]: { readonly code: string; readonly reason: string } } = {
  'anthropic/spliced-message-start': {
    code: 'invalid_response',
    reason: 'a second message begins while the first is open: two answers of a broken proxy in one stream',
  },
  'openai/responses/openai-error.1': {
    code: 'http_429',
    reason: 'the stream holds the error "insufficient_quota"',
  },
  'openai/responses/parallel-tool-call-wrapper.1': {
    code: 'invalid_response',
    reason: 'two of its events were recorded as text that is no JSON',
  },
  'xai/responses/xai-web-search-tool.1': {
    code: 'invalid_response',
    reason: "xAI's own annotations and searches, which OpenAI's client does not know: it needs @ai-sdk/xai",
  },
}

const arguedInPieces = 'arguments that stream by path (partialArgs) have no form without streaming'
const encryptedAnew = 'the last event holds the same reasoning, encrypted anew'
const shortened = 'the deltas of this recording were shortened; its last event was not'

/** Streams whose message differs from the same events put together without streaming. */
export const assembledDiffers: Reasons = {
  'anthropic/anthropic-mcp.1':
    "the provider's client drops the streamed input of MCP calls, which the provider runs itself",
  'azure/azure-reasoning-encrypted-content.1': encryptedAnew,
  'google/google-stream-no-args-tool-call': arguedInPieces,
  'google/google-stream-tool-call-arguments': arguedInPieces,
  'google/google-stream-tool-call-array-arguments-missing-terminal-function-call': arguedInPieces,
  'google/google-vertex-stream-tool-call-arguments-nested.1': arguedInPieces,
  'openai/responses/github-copilot-id-rotation.1': 'the proxy gives the same item another id in every event',
  'openai/responses/openai-compaction.1': 'the last event holds the same compaction, encrypted anew',
  'openai/responses/openai-phase.1': shortened,
  'openai/responses/openai-reasoning-encrypted-content.1': encryptedAnew,
  'openai/responses/openai-shell-container.1': shortened,
  'openai/responses/programmatic-tool-calling.1': encryptedAnew,
}

/** Twins with other parts in another order: each was another request, and the model went another way. */
export const twinTookAnotherWay: Reasons = {
  'anthropic/anthropic-code-execution-20250825.pptx-skill':
    'ran its tools side by side in the twin, one by one in the stream',
  'anthropic/anthropic-code-execution-file-upload.1': 'ran code three times in the stream, twice in the twin',
  'anthropic/anthropic-programmatic-tool-calling.1': 'other dice: the game took other rounds',
  'anthropic/anthropic-web-search-tool.1': 'searched once in the stream, twice in the twin',
  'azure/azure-reasoning-encrypted-content.1': 'the stream is the first turn, the twin the last',
  'azure/azure-web-search-preview-tool.1': 'searched once in the stream, twice in the twin',
  'azure/openai-file-search-tool.1': 'cites one file in the stream twice, in the twin once',
  'open-responses/responses/lmstudio-basic.1': 'the twin was recorded with another model, that reasons',
  'open-responses/responses/lmstudio-tool-call.1': 'reasons and talks before it calls in the stream only',
  'openai/responses/openai-file-search-tool.1': 'cites one file in the stream twice, in the twin once',
  'openai/responses/openai-image-generation-tool.1': 'thinks once more in the twin',
  'openai/responses/openai-mcp-tool.1': 'called twice in the stream, once in the twin',
  'openai/responses/openai-reasoning-encrypted-content.1': 'the stream is the first turn, the twin the last',
  'openai/responses/openai-web-search-tool.1': 'searched another number of times',
}

/** Twins that say something else in the same parts, although they claim to be the same answer. */
export const twinWasShortened: Reasons = {
  'mistral/mistral-text': 'the same id, but the text of the stream was replaced by a short one',
  'openai/responses/openai-shell-container.1': shortened,
}

/** Twins that say something else in the same parts: recorded in a request of their own, which the test checks by the answers' ids. */
export const twinWasAskedAgain: readonly string[] = [
  'alibaba/alibaba-reasoning',
  'alibaba/alibaba-text',
  'anthropic/anthropic-clear-thinking.1',
  'anthropic/anthropic-clear-tool-uses.1',
  'anthropic/anthropic-code-execution-20250825.1',
  'anthropic/anthropic-code-execution-20250825.2',
  'anthropic/anthropic-combined-context-editing.1',
  'anthropic/anthropic-compaction.1',
  'anthropic/anthropic-json-output-format.1',
  'anthropic/anthropic-json-tool.1',
  'anthropic/anthropic-mcp.1',
  'anthropic/anthropic-text',
  'anthropic/anthropic-tool-no-args',
  'anthropic/anthropic-tool-search-bm25.1',
  'anthropic/anthropic-tool-search-regex.1',
  'anthropic/anthropic-web-fetch-tool-20260209.1',
  'anthropic/anthropic-web-fetch-tool.1',
  'azure/azure-code-interpreter-tool.1',
  'azure/azure-deepseek-reasoning.1',
  'azure/azure-image-generation-tool.1',
  'azure/azure-text.1',
  'azure/openai-file-search-tool.2',
  'deepseek/chat/deepseek-reasoning',
  'deepseek/chat/deepseek-text',
  'deepseek/chat/deepseek-tool-call',
  'google/google-reasoning-gemini3',
  'google/google-text',
  'groq/groq-reasoning',
  'groq/groq-text',
  'openai-compatible/chat/xai-text',
  'openai-compatible/chat/xai-tool-call',
  'openai/chat/openai-text',
  'openai/responses/openai-apply-patch-tool.1',
  'openai/responses/openai-client-tool-search.1',
  'openai/responses/openai-code-interpreter-tool.1',
  'openai/responses/openai-compaction.1',
  'openai/responses/openai-file-search-tool.2',
  'openai/responses/openai-local-shell-tool.1',
  'openai/responses/openai-mcp-tool-approval.2',
  'openai/responses/openai-mcp-tool-approval.4',
  'openai/responses/openai-phase.1',
  'openai/responses/openai-shell-container-multiturn.1',
  'openai/responses/openai-shell-skills.1',
  'openai/responses/openai-shell-tool.1',
  'openai/responses/programmatic-tool-calling.3',
  'perplexity/perplexity-citations',
  'perplexity/perplexity-text',
  'xai/responses/xai-image-generation-tool.1',
  'xai/xai-text',
  'xai/xai-tool-call',
]
