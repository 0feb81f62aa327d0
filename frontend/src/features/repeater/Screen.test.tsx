import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { go } from '../../api';
import { listenForKeys } from '../../commands/listen';
import { useNav } from '../../frame/nav';
import { row } from '../traffic/testing';
import Screen from './Screen';
import { sendToRepeater } from './send';
import { useRepeater } from './store';

// What the answer shows is the business of features/exchange, and tested there.
vi.mock('../exchange/ExchangeDetail', () => ({
  ExchangeDetail: ({ id }: { id: string }) => <p>answer of {id}</p>,
}));

/** Far is the Go side with tabs in memory; it sends nothing. */
class Far {
  tabs: go.Tab[] = [];
  closed: go.Tab[] = [];
  sent: go.Sent[] = [];
  sending = 0;
  text = 'what is our refund policy?';
  calls: [string, unknown][] = [];
  problem: go.RawProblem = { side: '', line: 0, message: '' };

  tab(id: string, more: Partial<go.Tab> = {}): go.Tab {
    const made = {
      id,
      group: '',
      name: '',
      method: 'POST',
      url: `https://api.example.test/v1/chat${id}`,
      source: '7',
      baseline: '7',
      last: '',
      sent: 0,
      sending: 0,
      ...more,
    };
    this.tabs.push(made);
    return made;
  }

  form({ tab }: go.TabIn): go.Form {
    const found = this.tabs.find(({ id }) => id === tab) as go.Tab;
    return {
      tab: found,
      head: `POST ${found.url} HTTP/1.1\n`,
      body: '{}',
      body_why: '',
      body_bytes: 2,
      to: 'api.example.test',
      problem: this.problem,
      provider: 'openai',
      family: 'openai.chat',
      cards: [{ ref: 'json:/messages/0/content', role: 'user', text: this.text }],
      params: [
        { ref: 'json:/temperature', name: 'temperature', kind: 'number', value: '0.7' },
        { ref: 'json:/stream', name: 'stream', kind: 'boolean', value: 'true' },
      ],
      tools: ['lookup'],
      other: 1,
      sealed: ['⟨cred:0⟩'],
      json: true,
      changed: ['text:user', 'header:X-A'],
    };
  }

  install() {
    const note =
      <In, Out>(name: string, run: (input: In) => Out) =>
      async (input: In) => {
        this.calls.push([name, input]);
        return run(input);
      };
    const Repeater = {
      Tabs: note('Tabs', () => ({
        tabs: this.tabs.map((tab) => ({ ...tab })),
        groups: [...new Set(this.tabs.map(({ group }) => group).filter(Boolean))],
        closed: this.closed.length,
      })),
      Form: note('Form', (input: go.TabIn) => this.form(input)),
      History: note('History', () => ({ sent: this.sent, sending: this.sending })),
      SetSlot: note('SetSlot', ({ tab, text }: go.SetSlotIn) => {
        this.text = text;
        return this.form({ tab });
      }),
      Send: note('Send', () => ({ id: '9' })),
      Stop: note('Stop', () => ({})),
      Rename: note('Rename', ({ tab, name }: go.RenameIn) => {
        const found = this.tabs.find(({ id }) => id === tab);
        if (found) found.name = name;
        return found;
      }),
      CloseTab: note('CloseTab', ({ tab }: go.TabIn) => {
        this.closed.push(...this.tabs.filter(({ id }) => id === tab));
        this.tabs = this.tabs.filter(({ id }) => id !== tab);
        return {};
      }),
      NewTab: note('NewTab', ({ ids }: go.NewTabIn) => ({
        tabs: (ids.length ? ids : ['new']).map((id) => this.tab(`t${id}`)),
        notes: [],
      })),
      Agreement: note('Agreement', ({ ids }: go.AgreementIn) => ({
        n: ids.length,
        open: 0,
        refused: 0,
        looks: 2,
        tokens: { min: 4, max: 6 },
        clusters: [
          { kind: 'looks', detail: '', n: 2, equal: [{ ids: ids.slice(0, 2), text: 'I cannot' }] },
          { kind: 'answered', detail: '', n: 1, equal: [{ ids: ids.slice(2), text: 'Sure' }] },
        ],
      })),
    };
    Object.assign(window, { go: { window: { Repeater } }, runtime: { EventsOnMultiple: () => () => {} } });
  }

  asked(name: string) {
    return this.calls.filter(([method]) => method === name).map(([, input]) => input);
  }
}

let far: Far;
let stop: () => void;

const sent = (n: number, more: Partial<go.Sent> = {}, about: Partial<go.Row> = {}): go.Sent => ({
  n,
  batch: 1,
  changed: [],
  refused: 'no',
  retry_after_s: 0,
  row: row(100 + n, about),
  ...more,
});

beforeEach(() => {
  far = new Far();
  far.install();
  stop = listenForKeys();
  useNav.setState({ screen: 'repeater', params: {} });
  useRepeater.setState({ tab: '', raw: false, diff: false, times: {}, chosen: {} });
});
afterEach(() => stop());

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <MantineProvider>
        <Screen />
      </MantineProvider>
    </QueryClientProvider>,
  );
}

test('without tabs it says where requests come from', async () => {
  show();
  expect(await screen.findByText('Change a request and send it again')).toBeTruthy();
});

test('a prompt that was typed is kept before it is sent', async () => {
  far.tab('1');
  const user = userEvent.setup();
  show();
  const card = await screen.findByLabelText('user text 1');
  await user.clear(card);
  await user.type(card, 'Ignore it');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(far.asked('Send')).toEqual([{ tab: '1', times: 1 }]));
  const order = far.calls.map(([name]) => name).filter((name) => name === 'SetSlot' || name === 'Send');
  expect(order.at(-1)).toBe('Send');
  expect(far.asked('SetSlot').at(-1)).toEqual({
    tab: '1',
    ref: 'json:/messages/0/content',
    text: 'Ignore it',
  });
});

test('the button names who it is sent to, and how often', async () => {
  far.tab('1');
  const user = userEvent.setup();
  show();
  expect(await screen.findByRole('button', { name: 'Send to api.example.test' })).toBeTruthy();
  const times = screen.getByLabelText('How often it is sent');
  await user.clear(times);
  await user.type(times, '10');
  await user.click(screen.getByRole('button', { name: 'Send 10 times to api.example.test' }));
  await waitFor(() => expect(far.asked('Send')).toEqual([{ tab: '1', times: 10 }]));
});

test('before anything is sent the recorded answer is shown, in grey', async () => {
  far.tab('1');
  const { container } = show();
  expect(await screen.findByText('answer of 7')).toBeTruthy();
  expect(container.querySelector('[data-grey]')).toBeTruthy();
});

test('while it is sending it can be stopped', async () => {
  far.tab('1');
  far.sending = 2;
  far.sent = [sent(1, {}, { state: 'streaming' })];
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole('button', { name: 'Stop' }));
  expect(far.asked('Stop')).toEqual([{ tab: '1' }]);
  expect(screen.getByRole('button', { name: /^Send/ }).hasAttribute('disabled')).toBe(true);
});

test('answers to the same request are counted by what they mean', async () => {
  far.tab('1');
  far.sent = [sent(3, { refused: 'looks' }), sent(2, { refused: 'looks' }), sent(1)];
  show();
  expect(await screen.findByText('2 of 3 look like a refusal')).toBeTruthy();
  expect(screen.getByText('1 of 3 answer')).toBeTruthy();
  expect(screen.getAllByText('looks so')).toHaveLength(2);
});

test('an older answer is looked at again', async () => {
  far.tab('1');
  far.sent = [sent(2, { batch: 2 }), sent(1, { changed: ['text:system'] })];
  const user = userEvent.setup();
  show();
  expect(await screen.findByText('answer of 102')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: '1' }));
  expect(screen.getByText('answer of 101')).toBeTruthy();
  expect(screen.getByText('system text')).toBeTruthy();
});

test('an error keeps the request and offers to try again when the server is ready', async () => {
  far.tab('1');
  far.sent = [
    sent(1, { retry_after_s: 60 }, { status: 429, error: 'slow down', started: new Date().toISOString() }),
  ];
  show();
  expect(await screen.findByText('slow down')).toBeTruthy();
  const retry = screen.getByRole('button', { name: /^Retry in (60|59) s$/ });
  expect(retry.hasAttribute('disabled')).toBe(true);
  expect((screen.getByLabelText('user text 1') as HTMLTextAreaElement).value).toBe(
    'what is our refund policy?',
  );
});

test('a head that cannot be sent names its line, and is not sent', async () => {
  far.tab('1');
  far.problem = { side: 'head', line: 3, message: 'This header has no colon' };
  show();
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Line 3 of the headers: This header has no colon',
  );
  expect(screen.getByRole('button', { name: /^Send/ }).hasAttribute('disabled')).toBe(true);
});

test('tabs are searched, renamed, walked through and closed by keys', async () => {
  far.tab('1', { group: 'login' });
  far.tab('2', { name: 'second' });
  const user = userEvent.setup();
  show();
  const first = await screen.findByRole('button', { name: /^POST .*chat1/ });
  first.focus();
  await user.keyboard('{Alt>}{PageDown}{/Alt}');
  await waitFor(() =>
    expect(screen.getByRole('button', { name: /^second/ }).getAttribute('aria-current')).toBe('true'),
  );
  await user.keyboard('{F2}');
  const name = await screen.findByLabelText('Name of the request');
  await user.clear(name);
  await user.type(name, 'renamed{Enter}');
  expect(await screen.findByRole('button', { name: /^renamed/ })).toBeTruthy();
  await user.type(screen.getByLabelText('Search requests'), 'login');
  expect(screen.queryByRole('button', { name: /^renamed/ })).toBeNull();
  await user.clear(screen.getByLabelText('Search requests'));
  fireEvent(
    screen.getByRole('button', { name: /^renamed/ }),
    new MouseEvent('auxclick', { button: 1, bubbles: true }),
  );
  await waitFor(() => expect(far.asked('CloseTab')).toEqual([{ tab: '2' }]));
  expect(
    await screen.findByRole('button', { name: 'Reopen # closed request'.replace('#', '1') }),
  ).toBeTruthy();
});

test('exchanges are sent here from elsewhere', async () => {
  await sendToRepeater(['4', '5']);
  expect(far.asked('NewTab')).toEqual([{ ids: ['4', '5'], curl: '', group: '' }]);
  expect(useNav.getState().params).toEqual({ tab: 't4' });
  show();
  expect(await screen.findByRole('button', { name: /^POST .*chatt4/, current: true })).toBeTruthy();
});

test('it has no barriers that a machine can find', async () => {
  far.tab('1', { group: 'login' });
  far.tab('2');
  far.sent = [sent(2), sent(1)];
  const { container } = show();
  await screen.findByText('2 of 2 look like a refusal').catch(() => undefined);
  expect(within(container).getAllByRole('listitem').length).toBe(2);
  const { violations } = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
