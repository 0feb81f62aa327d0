import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { baseURL, report, weather } from './report.mjs'

const client = new BedrockRuntimeClient({
  region: 'us-east-1',
  endpoint: baseURL,
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an-example-of-a-secret' },
})
const modelId = 'anthropic.claude-3-haiku-20240307-v1:0'
const toolConfig = {
  tools: [{ toolSpec: { name: weather.name, description: weather.description, inputSchema: { json: weather.parameters } } }],
}

function request(asked, more) {
  return { modelId, system: [{ text: 'Answer briefly.' }], messages: [{ role: 'user', content: [{ text: asked }] }], ...more }
}

async function whole(asked, more = {}) {
  const answer = await client.send(new ConverseCommand(request(asked, more)))
  const blocks = answer.output.message.content
  report({
    asked,
    streamed: false,
    text: blocks.map((b) => b.text ?? '').join(''),
    tool_calls: blocks.filter((b) => b.toolUse).map((b) => ({ name: b.toolUse.name, arguments: b.toolUse.input })),
    input_tokens: answer.usage.inputTokens,
    output_tokens: answer.usage.outputTokens,
    finish: answer.stopReason,
  })
}

async function stream(asked, more = {}) {
  const got = { asked, streamed: true, text: '', tool_calls: [] }
  const answer = await client.send(new ConverseStreamCommand(request(asked, more)))
  for await (const event of answer.stream) {
    const { contentBlockStart: start, contentBlockDelta: delta } = event
    if (start?.start.toolUse) got.tool_calls.push({ name: start.start.toolUse.name, arguments: '' })
    got.text += delta?.delta.text ?? ''
    if (delta?.delta.toolUse) got.tool_calls.at(-1).arguments += delta.delta.toolUse.input
    if (event.messageStop) got.finish = event.messageStop.stopReason
    if (event.metadata) {
      got.input_tokens = event.metadata.usage.inputTokens
      got.output_tokens = event.metadata.usage.outputTokens
    }
  }
  for (const call of got.tool_calls) call.arguments = JSON.parse(call.arguments)
  report(got)
}

await whole('Tell the bedrock converse about kettles')
await stream('Tell the bedrock stream about toasters')
await whole('What is the weather in Paris, bedrock converse?', { toolConfig })
await stream('What is the weather in Berlin, bedrock stream?', { toolConfig })
