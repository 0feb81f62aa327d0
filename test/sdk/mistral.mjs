import { Mistral } from '@mistralai/mistralai'
import { apiKey, baseURL, report, weather } from './report.mjs'

const client = new Mistral({ apiKey, serverURL: baseURL })
const model = 'mistral-small-latest'
const tools = [{ type: 'function', function: weather }]

function calls(sent) {
  return (sent ?? []).map((c) => ({
    name: c.function.name,
    arguments: typeof c.function.arguments === 'string' ? JSON.parse(c.function.arguments) : c.function.arguments,
  }))
}

async function whole(asked, more = {}) {
  const answer = await client.chat.complete({ model, messages: [{ role: 'user', content: asked }], ...more })
  const choice = answer.choices[0]
  report({
    asked,
    streamed: false,
    model: answer.model,
    text: choice.message.content ?? '',
    tool_calls: calls(choice.message.toolCalls),
    input_tokens: answer.usage.promptTokens,
    output_tokens: answer.usage.completionTokens,
    finish: choice.finishReason,
  })
}

async function stream(asked, more = {}) {
  const got = { asked, streamed: true, text: '', tool_calls: [] }
  for await (const { data } of await client.chat.stream({ model, messages: [{ role: 'user', content: asked }], ...more })) {
    const choice = data.choices[0]
    got.model = data.model
    got.text += choice.delta.content ?? ''
    got.tool_calls.push(...calls(choice.delta.toolCalls))
    got.finish = choice.finishReason ?? got.finish
    got.input_tokens = data.usage?.promptTokens
    got.output_tokens = data.usage?.completionTokens
  }
  report(got)
}

await whole('Tell the mistral chat about kettles')
await stream('Tell the mistral stream about toasters')
await whole('What is the weather in Paris, mistral chat?', { tools })
await stream('What is the weather in Berlin, mistral stream?', { tools })
