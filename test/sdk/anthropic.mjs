import Anthropic from '@anthropic-ai/sdk'
import { apiKey, baseURL, report, weather } from './report.mjs'

const client = new Anthropic({ apiKey, baseURL, maxRetries: 0 })
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.parameters }]

function request(asked, more) {
  return {
    model: 'claude-sonnet-4-6',
    max_tokens: 2048,
    system: 'Answer briefly.',
    messages: [{ role: 'user', content: asked }],
    ...more,
  }
}

function reportMessage(asked, streamed, message) {
  const blocks = (type) => message.content.filter((b) => b.type === type)
  report({
    asked,
    streamed,
    model: message.model,
    text: blocks('text').map((b) => b.text).join(''),
    reasoning: blocks('thinking').map((b) => b.thinking).join(''),
    tool_calls: blocks('tool_use').map((b) => ({ name: b.name, arguments: b.input })),
    input_tokens: message.usage.input_tokens,
    output_tokens: message.usage.output_tokens,
    finish: message.stop_reason,
  })
}

async function whole(asked, more = {}) {
  reportMessage(asked, false, await client.messages.create(request(asked, more)))
}

async function stream(asked, more = {}) {
  reportMessage(asked, true, await client.messages.stream(request(asked, more)).finalMessage())
}

await whole('Tell the anthropic message about kettles')
await stream('Tell the anthropic stream about toasters')
await stream('Tell the anthropic thinker about bread', { thinking: { type: 'enabled', budget_tokens: 1024 } })
await whole('What is the weather in Paris, anthropic message?', { tools })
await stream('What is the weather in Berlin, anthropic stream?', { tools })
