import { GoogleGenAI } from '@google/genai'
import { apiKey, baseURL, report, weather } from './report.mjs'

const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseURL } })
const model = 'gemini-2.5-flash'
const tools = [{ functionDeclarations: [{ name: weather.name, description: weather.description, parametersJsonSchema: weather.parameters }] }]

function reportPieces(asked, streamed, pieces) {
  const parts = pieces.flatMap((p) => p.candidates?.[0]?.content?.parts ?? [])
  const last = pieces.at(-1)
  report({
    asked,
    streamed,
    model: last.modelVersion,
    text: parts.filter((p) => !p.thought).map((p) => p.text ?? '').join(''),
    reasoning: parts.filter((p) => p.thought).map((p) => p.text ?? '').join(''),
    tool_calls: parts.filter((p) => p.functionCall).map((p) => ({ name: p.functionCall.name, arguments: p.functionCall.args })),
    input_tokens: last.usageMetadata.promptTokenCount,
    output_tokens: last.usageMetadata.candidatesTokenCount,
    finish: last.candidates[0].finishReason,
  })
}

async function whole(asked, config = {}) {
  reportPieces(asked, false, [await client.models.generateContent({ model, contents: asked, config })])
}

async function stream(asked, config = {}) {
  const pieces = []
  for await (const piece of await client.models.generateContentStream({ model, contents: asked, config })) pieces.push(piece)
  reportPieces(asked, true, pieces)
}

await whole('Tell the gemini content about kettles', { systemInstruction: 'Answer briefly.' })
await stream('Tell the gemini stream about toasters', { thinkingConfig: { includeThoughts: true } })
await whole('What is the weather in Paris, gemini content?', { tools })
await stream('What is the weather in Berlin, gemini stream?', { tools })
