// Uses every way of Node.js to make a request and prints one line for each: "ok NAME" or "failed NAME: why".
'use strict';
const http = require('node:http');
const https = require('node:https');
const tls = require('node:tls');

const closed = process.env.CLOSED_PORT; // nobody listens there: only a proxy can answer
const without = process.env.WITHOUT; // the check that the servers of a test cannot answer

function get(module, url, options = {}) {
  return new Promise((resolve, reject) => {
    const request = module.request(url, options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

function expect(got, want) {
  if (got !== want) throw new Error(`got ${JSON.stringify(got)}`);
}

const through = 'through the proxy';
const checks = {
  'fetch https': async () => expect(await (await fetch('https://api.example/fetch')).text(), through),
  'fetch http': async () => expect(await (await fetch('http://plain.example/fetch')).text(), through),
  'fetch http localhost': async () => expect(await (await fetch(`http://localhost:${closed}/fetch-local`)).text(), through),
  'fetch https 127.0.0.1': async () => expect(await (await fetch(`https://127.0.0.1:${closed}/fetch-ip`)).text(), through),
  'fetch http [::1]': async () => expect(await (await fetch(`http://[::1]:${closed}/fetch-ip6`)).text(), through),
  'fetch post': async () => {
    const body = 'x'.repeat(3_000_000);
    expect((await (await fetch('https://api.example/post', { method: 'POST', body })).text()).length, body.length);
  },
  'fetch streamed request': async () => {
    const parts = ['one ', 'two ', 'three'];
    const body = new ReadableStream({
      async pull(controller) {
        const part = parts.shift();
        if (part === undefined) return controller.close();
        await new Promise((resolve) => setTimeout(resolve, 3));
        controller.enqueue(new TextEncoder().encode(part));
      },
    });
    expect(await (await fetch('https://api.example/post', { method: 'POST', body, duplex: 'half' })).text(), 'one two three');
  },
  'fetch streamed answer': async () => {
    const response = await fetch('https://api.example/stream');
    let text = '';
    for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
    expect(text.match(/data/g).length, 5);
  },
  'fetch abort': async () => {
    const controller = new AbortController();
    const response = await fetch('https://api.example/endless', { signal: controller.signal });
    const reader = response.body.getReader();
    await reader.read();
    controller.abort();
    await reader.read().then(() => { throw new Error('not aborted'); }, (error) => expect(error.name, 'AbortError'));
  },
  'fetch 100 at once': async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, i) => (await fetch(`https://h${i % 7}.example/many`)).text()));
    for (const answer of answers) expect(answer, through);
  },
  'https.request': async () => expect(await get(https, 'https://api.example/https'), through),
  'https post': async () => expect(await get(https, 'https://api.example/post', { method: 'POST', body: 'hello' }), 'hello'),
  'http.request localhost': async () => expect(await get(http, `http://localhost:${closed}/http-local`), through),
  'https localhost': async () => expect(await get(https, `https://localhost:${closed}/https-local`), through),
  'https own agent': async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 2 });
    for (let i = 0; i < 3; i++) expect(await get(https, 'https://api.example/agent', { agent }), through);
    agent.destroy();
  },
  'https own authorities': async () => {
    expect(await get(https, 'https://pinned.example/own-ca', { ca: tls.rootCertificates.slice(0, 2), agent: false }), through);
  },
  'https stream': async () => expect((await get(https, 'https://api.example/stream')).match(/data/g).length, 5),
  'https 50 at once': async () => {
    const agent = new https.Agent();
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(https, 'https://api.example/many-https', { agent })));
    for (const answer of answers) expect(answer, through);
  },
  'http timeout': () => new Promise((resolve, reject) => {
    const request = http.get('http://plain.example/endless', { timeout: 2000 }, (response) => {
      response.once('data', () => { request.destroy(); resolve(); });
    });
    request.on('error', reject);
  }),
  'tls.connect': () => new Promise((resolve, reject) => {
    const socket = tls.connect(443, 'raw.example', { servername: 'raw.example' }, () => {
      if (!socket.authorized) return reject(socket.authorizationError);
      socket.write('GET /raw HTTP/1.1\r\nHost: raw.example\r\nConnection: close\r\n\r\n');
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => (text.endsWith(through) ? resolve() : reject(new Error(text))));
    socket.on('error', reject);
  }),
  'tls.connect of a database': () => new Promise((resolve, reject) => {
    const socket = tls.connect({ port: Number(closed), host: '127.0.0.1' }, () => reject(new Error('it went through the proxy')));
    socket.on('error', (error) => (error.code === 'ECONNREFUSED' ? resolve() : reject(error)));
  }),
  'http2': () => new Promise((resolve, reject) => {
    const session = require('node:http2').connect('https://api.example');
    session.on('error', reject);
    const stream = session.request({ ':path': '/http2' });
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    stream.on('end', () => { session.close(); text === through ? resolve() : reject(new Error(text)); });
    stream.on('error', reject);
    stream.end();
  }),
  'esm named import': async () => {
    const module = await import('data:text/javascript,import { connect } from "node:tls"; export { connect }');
    expect(module.connect === tls.connect, true);
  },
};

if (process.env.WS_MODULE) {
  const WebSocket = require(process.env.WS_MODULE);
  for (const url of ['wss://socket.example/ws', 'ws://plain-socket.example/ws', `ws://localhost:${closed}/ws-local`]) {
    checks['ws ' + url.replace(closed, 'PORT')] = () => new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (data) => { expect(String(data), 'hello'); socket.close(); resolve(); });
      socket.on('error', reject);
    });
  }
}
if (typeof WebSocket === 'function') {
  for (const url of ['wss://socket.example/global', `ws://localhost:${closed}/global-local`]) {
    checks['global WebSocket ' + url.replace(closed, 'PORT')] = () => new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.onopen = () => socket.send('hello');
      socket.onmessage = (event) => { expect(event.data, 'hello'); socket.close(); resolve(); };
      socket.onerror = (event) => reject(event.error || new Error('WebSocket error'));
    });
  }
}
if (process.env.UNDICI_MODULE) {
  const undici = require(process.env.UNDICI_MODULE);
  checks['undici own agent'] = async () => {
    const dispatcher = new undici.Agent({ connections: 3 });
    for (const url of ['https://api.example/undici', `http://localhost:${closed}/undici-local`]) {
      const { body } = await undici.request(url, { dispatcher });
      expect(await body.text(), through);
    }
    await dispatcher.close();
  };
  checks['undici fetch'] = async () => expect(await (await undici.fetch('https://api.example/undici-fetch')).text(), through);
}
if (process.env.AXIOS_MODULE) {
  const axios = require(process.env.AXIOS_MODULE);
  checks['axios https'] = async () => expect((await axios.get('https://api.example/axios')).data, through);
}

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    if (name === without) continue;
    let timer;
    try {
      await Promise.race([check(), new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('timed out')), 10000); })]);
      console.log('ok ' + name);
    } catch (error) {
      console.log(`failed ${name}: ${error.cause ? error.cause.stack : error.stack}`);
    } finally {
      clearTimeout(timer);
    }
  }
  process.exit(0);
})();
