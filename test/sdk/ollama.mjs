import { Ollama } from 'ollama'
import { baseURL, report, weather } from './report.mjs'

const client = new Ollama({ host: baseURL })
const model = 'llama3.2'
const tools = [{ type: 'function', function: weather }]

function reportPieces(asked, streamed, pieces) {
  const last = pieces.at(-1)
  report({
    asked,
    streamed,
    model: last.model,
    text: pieces.map((p) => p.message.content).join(''),
    reasoning: pieces.map((p) => p.message.thinking ?? '').join(''),
    tool_calls: pieces
      .flatMap((p) => p.message.tool_calls ?? [])
      .map((c) => ({ name: c.function.name, arguments: c.function.arguments })),
    input_tokens: last.prompt_eval_count,
    output_tokens: last.eval_count,
    finish: last.done_reason,
  })
}

async function whole(asked, more = {}) {
  reportPieces(asked, false, [await client.chat({ model, messages: [{ role: 'user', content: asked }], ...more })])
}

async function stream(asked, more = {}) {
  const pieces = []
  const messages = [{ role: 'user', content: asked }]
  for await (const piece of await client.chat({ model, messages, stream: true, ...more })) pieces.push(piece)
  reportPieces(asked, true, pieces)
}

await whole('Tell the ollama chat about kettles')
await stream('Tell the ollama stream about toasters', { think: true })
await whole('What is the weather in Paris, ollama chat?', { tools })
await stream('What is the weather in Berlin, ollama stream?', { tools })
