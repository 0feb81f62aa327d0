// One streamed answer that takes a few seconds, with the official SDK: what somebody watches grow.
import OpenAI from 'openai'
import { apiKey, baseURL } from './report.mjs'

const client = new OpenAI({ apiKey, baseURL, maxRetries: 0 })
const stream = await client.chat.completions.create(
  {
    model: 'gpt-4o-mini',
    stream: true,
    messages: [
      { role: 'system', content: 'You are the helper of a kettle shop.' },
      { role: 'user', content: 'Explain in detail how a kettle boils water, in 120 words.' },
    ],
  },
  { headers: { 'X-Lab-Pace': '25ms' } },
)
let text = ''
for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? ''
process.stdout.write(text)
