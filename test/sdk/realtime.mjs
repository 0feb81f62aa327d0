import WebSocket from 'ws'
import { apiKey, baseURL, report } from './report.mjs'

const asked = 'Tell the realtime socket about kettles'
const socket = new WebSocket(baseURL + '/v1/realtime?model=gpt-realtime', { headers: { Authorization: `Bearer ${apiKey}` } })
const send = (event) => socket.send(JSON.stringify(event))
let text = ''

socket.on('open', () => {
  send({ type: 'session.update', session: { type: 'realtime', instructions: 'Answer briefly.' } })
  send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] },
  })
  send({ type: 'response.create' })
})
socket.on('message', (data) => {
  const event = JSON.parse(data)
  if (event.type === 'error') throw new Error(event.error.message)
  if (event.type === 'response.output_text.delta') text += event.delta
  if (event.type !== 'response.done') return
  const { usage } = event.response
  report({ asked, streamed: true, text, input_tokens: usage.input_tokens, output_tokens: usage.output_tokens })
  socket.close()
})
socket.on('error', (error) => {
  console.error(error)
  process.exitCode = 1
})
