import { CohereClientV2 } from 'cohere-ai'
import { apiKey, baseURL, report, weather } from './report.mjs'

const client = new CohereClientV2({ token: apiKey, environment: baseURL })
const model = 'command-a-03-2025'
const tools = [{ type: 'function', function: weather }]

async function whole(asked, more = {}) {
  const answer = await client.chat({ model, messages: [{ role: 'user', content: asked }], ...more })
  report({
    asked,
    streamed: false,
    text: (answer.message.content ?? []).map((c) => c.text ?? '').join(''),
    tool_calls: (answer.message.toolCalls ?? []).map((c) => ({
      name: c.function.name,
      arguments: JSON.parse(c.function.arguments),
    })),
    input_tokens: answer.usage.tokens.inputTokens,
    output_tokens: answer.usage.tokens.outputTokens,
    finish: answer.finishReason,
  })
}

async function stream(asked, more = {}) {
  const got = { asked, streamed: true, text: '', tool_calls: [] }
  for await (const event of await client.chatStream({ model, messages: [{ role: 'user', content: asked }], ...more })) {
    switch (event.type) {
      case 'content-delta':
        got.text += event.delta.message.content.text
        break
      case 'tool-call-start':
        got.tool_calls.push({ name: event.delta.message.toolCalls.function.name, arguments: '' })
        break
      case 'tool-call-delta':
        got.tool_calls.at(-1).arguments += event.delta.message.toolCalls.function.arguments
        break
      case 'message-end':
        got.finish = event.delta.finishReason
        got.input_tokens = event.delta.usage.tokens.inputTokens
        got.output_tokens = event.delta.usage.tokens.outputTokens
    }
  }
  for (const call of got.tool_calls) call.arguments = JSON.parse(call.arguments)
  report(got)
}

await whole('Tell the cohere chat about kettles')
await stream('Tell the cohere stream about toasters')
await whole('What is the weather in Paris, cohere chat?', { tools })
await stream('What is the weather in Berlin, cohere stream?', { tools })
