import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { available, runCommand } from '../../commands';
import { ExchangeDetail } from './ExchangeDetail';
import { chat, Far, facts, heads, part } from './testing';
import type { View } from './views';

const hostile = [
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '<svg/onload="window.harmed = 1">',
  '[a](javascript:window.harmed=1) ![x](https://evil.example/p.png)',
  '<a href="data:text/html,x">x</a>',
  '\u202Egnp.exe \u200B \x1b[2J \u{E0041}',
];

function show(view: View, props: { answerOnly?: boolean } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <ExchangeDetail id="7" view={view} onView={() => {}} {...props} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

async function sound(container: HTMLElement) {
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

const message = (n: number, role: string, ...parts: go.ChatPart[]): go.ChatMessage => ({
  n,
  role,
  name: '',
  parts,
});

const conversation = chat({
  system: [part('s0', 'You are Acme’s helper.')],
  tools: [
    {
      name: 'look_up',
      description: part('d0', 'Looks up.'),
      schema: part('t0', '{"type":"object"}'),
      builtin: false,
    },
  ],
  messages: [
    message(
      1,
      'user',
      part('m1.0', 'weather?'),
      part('m1.1', '', { kind: 'image', mime: 'image/png', bytes: 2000 }),
    ),
    message(
      2,
      'assistant',
      part('m2.0', '{"city":"Oslo"}', { kind: 'tool_call', call: 'c1', name: 'look_up' }),
    ),
    message(3, 'tool', part('m3.0', 'rain', { kind: 'tool_result', call: 'c1' })),
  ],
  total: 4,
  pinned: 1,
  from: 1,
  answer: [part('a0', 'hm', { kind: 'reasoning' }), part('a1', 'Take\n\n```js\nlet a\n```\nan umbrella.')],
});

test('a conversation shows who said what, with calls beside their results', async () => {
  new Far({ Heads: () => heads(), Chat: () => conversation });
  const { container } = show('chat');
  await screen.findByText('You are Acme’s helper.');
  expect(
    within(container)
      .getAllByRole('article')
      .map((turn) => turn.querySelector('h2')?.textContent),
  ).toEqual(['system', 'user', 'assistant', 'assistant']);
  expect(screen.getByText('image/png')).toBeDefined();
  expect(container.querySelector('img, iframe, a')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Result of c1' }));
  expect(screen.getByText('rain', { selector: '[data-mono] *' })).toBeDefined();
  expect(container.querySelector('pre')?.textContent).toBe('let a');
  expect(screen.queryByText('hm')).toBeNull(); // folded
  await sound(container);
});

test('what is hostile is text, in every part of a conversation', async () => {
  const parts = (of: string) => hostile.map((text, at) => part(`${of}${at}`, text));
  const tools = hostile.map((text, at) => ({
    name: text,
    description: part(`d${at}`, text),
    schema: part(`t${at}`, text),
    builtin: false,
  }));
  const media = hostile.map((text, at) =>
    part(`m9.${at}`, '', { kind: 'image', mime: text, url: text, type: text }),
  );
  const bad = chat({
    system: parts('s'),
    tools,
    messages: [
      { n: 0, role: hostile[0] ?? '', name: hostile[1] ?? '', parts: parts('m0.') },
      message(9, 'user', ...media),
    ],
    total: 2,
    answer: parts('a'),
    notes: hostile,
    facts: facts({
      model: hostile[1] ?? '',
      finish: hostile[2] ?? '',
      error: { status: 400, type: hostile[0] ?? '', code: '', message: hostile[1] ?? '' },
    }),
  });
  new Far({
    Heads: () => heads({ fault: { stage: 'response', reason: hostile[0] ?? '' } }),
    Chat: () => bad,
  });
  const { container } = show('chat');
  await screen.findAllByText(hostile[0] ?? '');
  fireEvent.click(await screen.findByText(`${hostile.length} tools`));
  expect(container.querySelector('script, img, a, iframe, [onerror], [onload]')).toBeNull();
  expect((window as unknown as { harmed?: number }).harmed).toBeUndefined();
  expect(container.querySelectorAll('[data-kind=direction]').length).toBeGreaterThan(2);
  expect(container.textContent).not.toContain('\u202E');
  expect(container.textContent).not.toContain('\x1b');
});

test('an answer grows while it arrives, and only what is new is asked for', async () => {
  const said = ['Once ', 'upon a time. ', 'The end.'];
  let n = 0;
  const far = new Far({
    Heads: () => heads({ state: 'streaming' }),
    Chat: ({ have }: go.ChatIn) => {
      const word = said[n++] ?? '';
      return chat({
        live: n < said.length,
        same: have !== '',
        append: have !== '',
        have: String(n),
        messages: have ? [] : [message(0, 'user', part('m0.0', 'Tell me'))],
        answer: [part('a0', word)],
        total: 1,
      });
    },
  });
  const { container } = show('chat');
  await screen.findByText('Once');
  act(() => far.pulse('8'));
  act(() => far.pulse('7'));
  await screen.findByText('Once upon a time.');
  expect(container.querySelector('[class*=caret]')).not.toBeNull();
  act(() => far.pulse('7'));
  await screen.findByText('Once upon a time. The end.');
  expect(screen.getByText('Tell me')).toBeDefined();
  act(() => far.pulse('7'));
  const asked = far.asked
    .filter(({ method }) => method === 'Chat')
    .map(({ input }) => (input as go.ChatIn).have);
  expect(asked).toEqual(['', '1', '2']);
  expect(container.querySelector('[class*=caret]')).toBeNull();
});

test('earlier messages are folded until they are asked for', async () => {
  const last = message(4, 'user', part('m4.0', 'and now?'));
  const far = new Far({
    Heads: () => heads(),
    Chat: ({ all }: go.ChatIn) =>
      chat({
        messages: all ? [message(0, 'user', part('m0.0', 'before')), last] : [last],
        from: all ? 0 : 4,
        inherited: 4,
        total: 5,
      }),
  });
  show('chat');
  fireEvent.click(await screen.findByText('4 earlier messages of this conversation'));
  await screen.findByText('before');
  expect(far.asked.at(-1)?.input).toMatchObject({ all: true });
});

test('a long text is folded, and opens', async () => {
  new Far({
    Heads: () => heads(),
    Chat: () => chat({ system: [part('s0', 'x'.repeat(2540))], answer: [part('a0', 'ok')] }),
  });
  show('chat');
  fireEvent.click(await screen.findByText('show 2140 more characters'));
  expect(screen.getByText('x'.repeat(2540))).toBeDefined();
});

test('a match is counted across elements, and keys go from one to the next', async () => {
  new Far({ Heads: () => heads(), Chat: () => conversation });
  show('chat');
  await screen.findByText('You are Acme’s helper.');
  await waitFor(() => expect(available('exchange.find')).toBe(true));
  act(() => void runCommand('exchange.find'));
  fireEvent.change(await screen.findByRole('textbox'), { target: { value: 'E' } });
  const status = await screen.findByText(/^1 of \d+$/);
  act(() => void runCommand('exchange.next'));
  expect(status.textContent).toMatch(/^2 of/);
});

test('a client that refused the certificate has two ways out', async () => {
  const far = new Far({
    Heads: () =>
      heads({
        wire: 'tunnel',
        fault: { stage: 'client-tls', reason: 'It does not trust us.' },
        request: { ...heads().request, url: 'api.example.test:443' },
      }),
    Chat: () => chat({ facts: facts({ known: false, kind: 'plain' }) }),
    PassThrough: () => ({}),
  });
  const { container } = show('chat');
  await screen.findByText('Fix trust');
  fireEvent.click(screen.getByText('Pass this host through'));
  await waitFor(() =>
    expect(far.asked.at(-1)).toEqual({ method: 'PassThrough', input: { host: 'api.example.test' } }),
  );
  await sound(container);
});

test('a body that was cut says how much of it there is', async () => {
  const response = {
    ...heads().response,
    body: { size: 19e6, kept: 4e6, lost: 'the disk was slow', type: '', coding: '' },
  };
  new Far({ Heads: () => heads({ response }), Chat: () => chat() });
  show('chat');
  await screen.findByText('The project holds the first 4 MB of 19 MB.');
});

test('an exchange that is gone says so and can be asked for again', async () => {
  let there = false;
  new Far({
    Heads: () => {
      if (!there) throw new Error(JSON.stringify({ code: 'not-found', message: 'It is gone.', hint: '' }));
      return heads();
    },
    Chat: () => conversation,
  });
  show('chat');
  await screen.findByText('It is gone.');
  there = true;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('You are Acme’s helper.');
});

test('headers and timing are sound, and show credentials by their fingerprint', async () => {
  const headers = [
    { name: 'Authorization', value: 'Bearer ⟨cred:0123456789abcdef⟩' },
    ...hostile.map((text) => ({ name: text, value: text })),
  ];
  const steps = [
    { name: 'connect', from_ms: 0, to_ms: 10 },
    { name: 'wait', from_ms: 10, to_ms: 90 },
  ];
  new Far({
    Heads: () => heads({ request: { ...heads().request, headers } }),
    Timing: () => ({
      started: '2026-03-01T12:00:00.000Z',
      live: false,
      duration_ms: 90,
      reused: false,
      steps,
      request_bytes: 1,
      response_bytes: 2,
    }),
  });
  const first = show('headers');
  await screen.findByText('01234567');
  expect(first.container.querySelector('script, img, a')).toBeNull();
  await sound(first.container);
  first.unmount();
  const second = show('timing');
  await screen.findByText('Wait for the answer');
  await sound(second.container);
});

test('a stream lists its events, and asks for those that hold a text', async () => {
  const items = hostile.map((text, n) => ({
    n,
    at_ms: n * 10,
    gap_ms: 10,
    bytes: 5,
    side: 'server',
    name: 'e',
    text,
    more: 0,
    lost: '',
  }));
  const far = new Far({
    Heads: () => heads(),
    Stream: (input: go.StreamIn): go.StreamOut => {
      const found = items.filter(({ text }) => text.includes(input.contains));
      return {
        kind: 'events',
        framing: 'sse',
        live: false,
        items: found,
        count: found.length,
        total: items.length,
        first_ms: 5,
        begin_ms: 0,
        end_ms: 50,
        longest_ms: 10,
        tokens_second: 20,
        bytes: 30,
        bar: [1, 0, 2],
        comments: 0,
        dropped: 0,
      };
    },
  });
  const { container } = show('stream');
  await screen.findByText('20 tokens/s');
  await sound(container);
  fireEvent.change(screen.getByLabelText('Only events with this text'), {
    target: { value: 'nothing like it' },
  });
  await screen.findByText('No event holds this text');
  expect(far.asked.at(-1)?.input).toMatchObject({ contains: 'nothing like it' });
});
