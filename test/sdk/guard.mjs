// What official SDKs make of a guard that stops, cuts or finishes: one JSON line per call. The second argument says which
// SDK. Retries are as each SDK has them by itself.
import { apiKey, baseURL, report } from './report.mjs'

const prompts = {
  pass: 'Repeat after me: all is well here',
  redact: `Tell me about kettles. My key is ${process.env.PLANTED}`,
  block: 'Please speak of forbiddenfruit now',
  finish: 'Please speak of politerefusal now',
  cut: 'Repeat after me: pay it to DE89370400440532013000 before noon and then go home at once',
  end: 'Repeat after me: charge it to 4111 1111 1111 1111 before noon and then go home at once',
}

const sdks = {
  async openai() {
    const { default: OpenAI } = await import('openai')
    const client = new OpenAI({ apiKey, baseURL })
    const request = (content, stream) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }], stream })
    return {
      whole: async (p) => (await client.chat.completions.create(request(p, false))).choices[0].message.content,
      stream: async (p, said) => {
        for await (const e of await client.chat.completions.create(request(p, true))) said(e.choices[0]?.delta?.content ?? '')
      },
    }
  },
  async responses() {
    const { default: OpenAI } = await import('openai')
    const client = new OpenAI({ apiKey, baseURL })
    return {
      whole: async (p) => (await client.responses.create({ model: 'gpt-4o-mini', input: p })).output_text,
      stream: async (p, said) => {
        const stream = client.responses.stream({ model: 'gpt-4o-mini', input: p })
        for await (const e of stream) if (e.type === 'response.output_text.delta') said(e.delta)
        await stream.finalResponse()
      },
    }
  },
  async anthropic() {
    const { default: Anthropic } = await import('@anthropic-ai/sdk')
    const client = new Anthropic({ apiKey, baseURL })
    const request = (content) => ({ model: 'claude-sonnet-4-6', max_tokens: 1024, messages: [{ role: 'user', content }] })
    return {
      whole: async (p) => (await client.messages.create(request(p))).content.map((b) => b.text).join(''),
      stream: async (p, said) => {
        const stream = client.messages.stream(request(p)).on('text', said)
        await stream.finalMessage()
      },
    }
  },
  async google() {
    const { GoogleGenAI } = await import('@google/genai')
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseURL } })
    const model = 'gemini-2.5-flash'
    return {
      whole: async (p) => (await client.models.generateContent({ model, contents: p })).text,
      stream: async (p, said) => {
        for await (const e of await client.models.generateContentStream({ model, contents: p })) said(e.text ?? '')
      },
    }
  },
  async ollama() {
    const { Ollama } = await import('ollama')
    const client = new Ollama({ host: baseURL })
    const messages = (content) => [{ role: 'user', content }]
    return {
      whole: async (p) => (await client.chat({ model: 'llama3.2', messages: messages(p) })).message.content,
      stream: async (p, said) => {
        for await (const e of await client.chat({ model: 'llama3.2', messages: messages(p), stream: true })) said(e.message.content)
      },
    }
  },
  async bedrock() {
    const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = await import('@aws-sdk/client-bedrock-runtime')
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an-example-of-a-secret' }
    const client = new BedrockRuntimeClient({ region: 'us-east-1', endpoint: baseURL, credentials })
    const modelId = 'anthropic.claude-3-haiku-20240307-v1:0'
    const request = (text) => ({ modelId, messages: [{ role: 'user', content: [{ text }] }] })
    return {
      whole: async (p) => (await client.send(new ConverseCommand(request(p)))).output.message.content.map((b) => b.text).join(''),
      stream: async (p, said) => {
        for await (const e of (await client.send(new ConverseStreamCommand(request(p)))).stream) said(e.contentBlockDelta?.delta?.text ?? '')
      },
    }
  },
  async mcp() {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
    const client = new Client({ name: 'assay-guard-tests', version: '1.0.0' })
    await client.connect(new StreamableHTTPClientTransport(new URL(baseURL)))
    return { whole: async (p) => (await client.callTool({ name: 'find_order', arguments: { number: p } })).content.map((c) => c.text).join(''), close: () => client.close() }
  },
}

const sdk = await sdks[process.argv[2]]()
for (const [name, prompt] of Object.entries(prompts)) {
  for (const way of ['whole', 'stream']) {
    if (!sdk[way]) continue
    let text = ''
    try {
      const got = await sdk[way](prompt, (piece) => { text += piece })
      report({ case: name, way, text: got ?? text })
    } catch (error) {
      report({ case: name, way, text, failure: error.constructor.name, status: error.status ?? error.status_code ?? error.$metadata?.httpStatusCode ?? error.code ?? 0, message: error.message })
    }
  }
}
await sdk.close?.()
