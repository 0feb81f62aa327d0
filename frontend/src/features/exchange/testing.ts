// What the Go side answers, as tests need it: window.go would be in the window.
import type { go } from '../../api';

const body: go.BodyOut = { size: 0, kept: 0, lost: '', type: '', coding: '' };
const head: go.Head = {
  seen: true,
  line: 'POST https://api.example.test/v1/chat HTTP/1.1',
  proto: 'HTTP/1.1',
  method: 'POST',
  url: 'https://api.example.test/v1/chat',
  host: 'api.example.test',
  status: 0,
  at_ms: 0,
  headers: [],
  trailer: [],
  body,
};

/** heads are those of a chat that went well. */
export function heads(more: Partial<go.HeadsOut> = {}): go.HeadsOut {
  return {
    wire: 'http',
    source: 'proxy',
    state: 'complete',
    request: head,
    response: { ...head, line: 'HTTP/1.1 200 OK', status: 200 },
    interim: [],
    client: { addr: '', pid: 0, process: '' },
    server: {
      addr: '',
      reused: false,
      tls: '',
      cipher: '',
      alpn: '',
      sni: '',
      cert_sha256: '',
      cert_issuer: '',
      cert_names: [],
      cert_expiry: '',
      unverified: false,
      via: '',
    },
    fault: { stage: '', reason: '' },
    origin: '',
    ...more,
  };
}

/** part is a text unless told otherwise. */
export function part(at: string, text: string, more: Partial<go.ChatPart> = {}): go.ChatPart {
  const plain = { kind: 'text', size: text.length, more: 0, call: '', name: '', builtin: false };
  return { ...plain, text, at, mime: '', url: '', bytes: 0, type: '', ...more };
}

/** chat is a conversation that has ended. */
export function chat(more: Partial<go.ChatOut> = {}): go.ChatOut {
  return {
    id: '7',
    state: 'complete',
    live: false,
    facts: facts(),
    same: false,
    system: [],
    tools: [],
    messages: [],
    from: 0,
    inherited: 0,
    total: 0,
    pinned: 0,
    before: '',
    answer: [],
    answer_from: 0,
    append: false,
    have: 'x',
    notes: [],
    ...more,
  };
}

/** facts are those of a chat API. */
export function facts(more: Partial<go.ChatFacts> = {}): go.ChatFacts {
  return {
    known: true,
    kind: 'llm',
    provider: 'openai',
    family: 'openai.chat',
    confidence: 'sure',
    model: 'gpt-test',
    answered: '',
    deployment: '',
    streamed: false,
    complete: true,
    finish: 'stop',
    detail: '',
    choices: 1,
    events: 0,
    input: 10,
    output: 5,
    total: 15,
    cached: -1,
    written: -1,
    reasoning: -1,
    cost: -1,
    error: { status: 0, type: '', code: '', message: '' },
    inputs: 0,
    embeddings: 0,
    flagged: false,
    rpc: { method: '', tool: '', server: '', version: '', state: '', failed: false },
    ...more,
  };
}

/** Far is the other side: what it answers, and the pulses it sends. */
export class Far {
  asked: { method: string; input: unknown }[] = [];
  private listeners: ((pulse: unknown) => void)[] = [];

  constructor(methods: Record<string, (input: never) => unknown>) {
    const bound = Object.entries(methods).map(([name, run]) => [
      name,
      async (input: never) => {
        this.asked.push({ method: name, input });
        return run(input);
      },
    ]);
    const host = window as unknown as Record<string, unknown>;
    const named = Object.fromEntries(bound);
    host.go = { window: { Exchange: named, Actions: named } };
    host.runtime = {
      EventsOnMultiple: (_: string, call: (pulse: unknown) => void) => this.listeners.push(call),
    };
    Far.now ??= this;
    if (Far.now !== this) this.listeners = Far.now.listeners; // the window listens once
  }

  private static now: Far | undefined;

  /** pulse tells the window that an exchange changed. */
  pulse(id: string): void {
    for (const each of this.listeners)
      each({ seq: 1, ended: [], changed: [id], missed: false, state: false, inventory: 0 });
  }
}
