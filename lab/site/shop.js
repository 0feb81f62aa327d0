const talk = document.getElementById('talk')

function say(text, who) {
  const line = document.createElement('li')
  line.className = who
  line.textContent = text
  talk.append(line)
  return line
}

async function ask(message) {
  say(message, 'you')
  const answer = await fetch('/api/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message }),
  })
  say((await answer.json()).reply, 'sunny')
}

async function askStreaming(message) {
  say(message, 'you')
  const line = say('', 'sunny')
  const answer = await fetch('/api/chat/stream', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message }),
  })
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    rest += piece.value
    const events = rest.split('\n\n')
    rest = events.pop()
    for (const event of events) {
      const data = event.split('\n').find((l) => l.startsWith('data: '))
      line.textContent += JSON.parse(data.slice(6)).token ?? ''
    }
  }
}

async function showOrders() {
  const list = document.getElementById('orders')
  for (const order of await (await fetch('/api/orders')).json()) {
    const line = document.createElement('li')
    line.textContent = `${order.number} ${order.item}: ${order.state}`
    list.append(line)
  }
}

document.getElementById('ask').addEventListener('submit', (event) => {
  event.preventDefault()
  const box = document.getElementById('message')
  if (box.value) ask(box.value)
  box.value = ''
})

// ?ask=… and ?stream=… speak for a visitor, so that a browser without hands can use the page.
const asked = new URLSearchParams(location.search)
showOrders()
  .then(() => asked.has('ask') && ask(asked.get('ask')))
  .then(() => asked.has('stream') && askStreaming(asked.get('stream')))
  .then(() => document.body.setAttribute('data-done', 'yes'))
