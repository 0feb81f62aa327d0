// What screens are told whose tests have no stand-in for the Go side.
import type { go } from '../api';
import { chat, heads, part } from '../features/exchange/testing';
import { item } from '../features/traffic/testing';
import { settingsAnswers } from './settingsAnswers';
import { countOf, type State, textOf } from './states';

/** A few of them are enough where a screen shows all it is given. */
const few = (state: State) => Math.min(countOf(state), 50);

function rowOf(state: State, id = 1): go.Row {
  const text = textOf(state, id);
  const tags = state === 'empty' ? [] : [text];
  return item(id, { last_user: text, answer: text, note: state === 'empty' ? '' : text, tags }).row;
}

function summary(state: State): go.Summary {
  const tallies = Array.from({ length: Math.min(few(state), 8) }, (_, n) => ({
    value: textOf(state, n),
    n: n + 1,
  }));
  const n = countOf(state);
  return {
    exchanges: n,
    conversations: n,
    providers: tallies,
    models: tallies,
    hosts: tallies,
    resent: n > 0,
  };
}

function tab(state: State, n: number): go.Tab {
  const name = textOf(state, n);
  return {
    id: String(n),
    group: n % 3 === 0 ? name : '',
    name,
    method: 'POST',
    url: `https://api.example.test/v1/chat?q=${name}`,
    source: '1',
    baseline: '1',
    last: '',
    sent: 0,
    sending: 0,
  };
}

function form(state: State): go.Form {
  const text = textOf(state);
  return {
    tab: tab(state, 1),
    head: `POST /v1/chat HTTP/1.1\nHost: api.example.test\nX-Note: ${text}`,
    body: JSON.stringify({ messages: [{ role: 'user', content: text }] }),
    body_why: '',
    body_bytes: text.length,
    to: 'https://api.example.test',
    problem: { side: '', line: 0, message: '' },
    provider: 'openai',
    family: 'openai.chat',
    cards: [{ ref: 'json:/messages/0/content', role: 'user', text }],
    params: [{ ref: 'json:/temperature', name: 'temperature', kind: 'number', value: '0.5' }],
    tools: state === 'empty' ? [] : [text],
    other: 0,
    sealed: [],
    json: true,
    changed: [],
  };
}

function history(state: State): go.HistoryOut {
  const sent = Array.from({ length: few(state) }, (_, at) => ({
    n: at + 1,
    batch: 0,
    changed: [textOf(state)],
    refused: '',
    retry_after_s: 0,
    row: rowOf(state, at + 1),
  }));
  return { sent, sending: 0 };
}

function compared(state: State): go.DiffOut {
  const text = textOf(state);
  const piece = (change: string, said: string) => ({ change, text: said, moved: false });
  const equal = state === 'empty';
  const segments = equal ? [] : [piece('same', 'I '), piece('removed', text), piece('added', `${text} too`)];
  const body = { segments, unit: 'word', coarse: false, cut: false };
  return {
    a: rowOf(state, 1),
    b: rowOf(state, 2),
    facts: [{ name: 'status', change: equal ? 'same' : 'changed', a: '200', b: '429' }],
    text: body,
    form: 'json',
    headers: [],
    changes: Array.from({ length: few(state) }, (_, n) => ({
      change: 'changed',
      path: `/m/${n}/${text}`,
      a: text,
      b: text,
    })),
    more: 0,
    lines: { ...body, segments: [] },
    noise: [{ name: 'ids', hidden: 0 }],
    equal,
    open: false,
    notes: equal ? [] : [text],
  };
}

function conversation(state: State): go.ChatOut {
  const n = few(state);
  const messages = Array.from({ length: n }, (_, at) => ({
    n: at,
    role: at % 2 === 0 ? 'user' : 'assistant',
    name: '',
    parts: [part(`m${at}`, textOf(state, at))],
  }));
  const answer = n === 0 ? [] : [part('a0', textOf(state))];
  return chat({
    messages,
    answer,
    total: n,
    system: n === 0 ? [] : [part('s0', textOf(state))],
  });
}

/** answers are those of a state, by struct and method. */
export function answers(state: State): Record<string, Record<string, unknown>> {
  const n = few(state);
  const tabs = Array.from({ length: n }, (_, at) => tab(state, at + 1));
  const timing: go.TimingOut = {
    started: '2026-03-01T12:00:00.000Z',
    live: false,
    duration_ms: 1200,
    reused: false,
    steps: n === 0 ? [] : [{ name: 'wait', from_ms: 10, to_ms: 900 }],
    request_bytes: 100,
    response_bytes: 2000,
  };
  const headers = n === 0 ? [] : [{ name: 'X-Note', value: textOf(state) }];
  const plain = heads();
  const agreement: go.AgreementOut = {
    n: 0,
    open: 0,
    refused: 0,
    looks: 0,
    clusters: [],
    tokens: { min: 0, max: 0 },
  };
  return {
    Settings: settingsAnswers(state),
    Exchange: {
      Row: rowOf(state),
      Chat: conversation(state),
      Heads: { ...plain, request: { ...plain.request, headers }, response: { ...plain.response, headers } },
      Timing: timing,
    },
    Repeater: {
      Tabs: { tabs, groups: [], closed: 0 },
      Form: form(state),
      History: history(state),
      Agreement: agreement,
    },
    Diff: { Compare: compared(state) },
    Session: {
      Summary: summary(state),
      Latest: { rows: Array.from({ length: Math.min(n, 5) }, (_, at) => rowOf(state, at + 1)) },
    },
  };
}
