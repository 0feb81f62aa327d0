import OpenAI from 'openai'
import { apiKey, baseURL, report, weather } from './report.mjs'

const client = new OpenAI({ apiKey, baseURL, maxRetries: 0 })
const model = 'gpt-4o-mini'
const tools = [{ type: 'function', function: weather }]

function reportChat(asked, streamed, answer) {
  const choice = answer.choices[0]
  report({
    asked,
    streamed,
    model: answer.model,
    text: choice.message.content ?? '',
    tool_calls: (choice.message.tool_calls ?? []).map((c) => ({
      name: c.function.name,
      arguments: JSON.parse(c.function.arguments),
    })),
    input_tokens: answer.usage.prompt_tokens,
    output_tokens: answer.usage.completion_tokens,
    finish: choice.finish_reason,
  })
}

async function chat(asked, more = {}) {
  const messages = [{ role: 'system', content: 'Answer briefly.' }, { role: 'user', content: asked }]
  reportChat(asked, false, await client.chat.completions.create({ model, messages, ...more }))
}

async function chatStream(asked, more = {}) {
  const messages = [{ role: 'system', content: 'Answer briefly.' }, { role: 'user', content: asked }]
  const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true }, ...more })
  reportChat(asked, true, await stream.finalChatCompletion())
}

function reportResponse(asked, streamed, answer) {
  report({
    asked,
    streamed,
    model: answer.model,
    text: answer.output_text,
    reasoning: answer.output.filter((i) => i.type === 'reasoning').flatMap((i) => i.summary.map((s) => s.text)).join(''),
    tool_calls: answer.output
      .filter((i) => i.type === 'function_call')
      .map((c) => ({ name: c.name, arguments: JSON.parse(c.arguments) })),
    input_tokens: answer.usage.input_tokens,
    output_tokens: answer.usage.output_tokens,
    finish: answer.status,
  })
}

async function response(asked, more = {}) {
  reportResponse(asked, false, await client.responses.create({ model, input: asked, ...more }))
}

async function responseStream(asked, more = {}) {
  const stream = client.responses.stream({ model, input: asked, ...more })
  reportResponse(asked, true, await stream.finalResponse())
}

const flat = [{ type: 'function', strict: false, ...weather }]
await chat('Tell the openai chat about kettles')
await chatStream('Tell the openai chat stream about toasters')
await chat('What is the weather in Paris, openai chat?', { tools })
await chatStream('What is the weather in Berlin, openai chat stream?', { tools })
await response('Tell the openai response about bread', { instructions: 'Answer briefly.' })
await responseStream('Tell the openai response stream about butter', { reasoning: { effort: 'low', summary: 'auto' } })
await response('What is the weather in Rome, openai response?', { tools: flat })
await responseStream('What is the weather in Oslo, openai response stream?', { tools: flat })
