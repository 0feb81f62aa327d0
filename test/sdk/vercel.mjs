import { createOpenAI } from '@ai-sdk/openai'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import { apiKey, baseURL, report, weather } from './report.mjs'

const openai = createOpenAI({ apiKey, baseURL })
const tools = {
  [weather.name]: tool({ description: weather.description, inputSchema: jsonSchema(weather.parameters) }),
}

async function reportResult(asked, streamed, result, finish) {
  const usage = await result.usage
  report({
    asked,
    streamed,
    model: (await result.response).modelId,
    text: await result.text,
    tool_calls: (await result.toolCalls).map((c) => ({ name: c.toolName, arguments: c.input })),
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    finish,
  })
}

async function whole(model, asked, more, finish) {
  await reportResult(asked, false, await generateText({ model, prompt: asked, maxRetries: 0, stopWhen: stepCountIs(1), ...more }), finish)
}

async function stream(model, asked, more, finish) {
  await reportResult(asked, true, streamText({ model, prompt: asked, maxRetries: 0, stopWhen: stepCountIs(1), ...more }), finish)
}

const chat = openai.chat('gpt-4o')
const responses = openai.responses('gpt-4o')
await whole(chat, 'Tell the vercel chat about kettles', {}, 'stop')
await stream(chat, 'Tell the vercel chat stream about toasters', {}, 'stop')
await stream(chat, 'What is the weather in Paris, vercel chat stream?', { tools }, 'tool_calls')
await whole(responses, 'Tell the vercel response about bread', {}, 'completed')
await stream(responses, 'Tell the vercel response stream about butter', {}, 'completed')
await stream(responses, 'What is the weather in Berlin, vercel response stream?', { tools }, 'completed')
