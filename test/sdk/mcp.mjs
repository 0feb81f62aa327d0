import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { baseURL, report } from './report.mjs'

const client = new Client({ name: 'assay-sdk-tests', version: '1.0.0' })
await client.connect(new StreamableHTTPClientTransport(new URL(baseURL)))
report({ call: 'initialize', server: client.getServerVersion().name })

const { tools } = await client.listTools()
report({ call: 'tools/list', tools: tools.map((t) => t.name) })

async function callTool(name, args) {
  const result = await client.callTool({ name, arguments: args }, undefined, { onprogress: () => {} })
  const text = result.content.map((c) => c.text).join('')
  report({ call: 'tools/call', name, arguments: args, text, failed: result.isError ?? false })
}

await callTool('get_weather', { city: 'Paris' })
await callTool('find_order', { number: 'A-1001' })
await callTool('calculate', { expression: 'nothing' })

const { resources } = await client.listResources()
const read = await client.readResource({ uri: resources[0].uri })
report({ call: 'resources/read', text: read.contents[0].text })

const prompt = await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } })
report({ call: 'prompts/get', text: prompt.messages[0].content.text })
await client.close()
