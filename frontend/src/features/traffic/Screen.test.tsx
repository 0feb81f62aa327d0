import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import type { go } from '../../api';
import { listenForKeys } from '../../commands/listen';
import './commands';
import { show } from './controller';
import Screen from './Screen';
import { none } from './selection';
import { useTraffic } from './store';
import { Far, item, noFault } from './testing';

// happy-dom lays nothing out: the list is told how much of it is seen.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 588 });
listenForKeys();
const far = new Far();
far.install();

async function open(items: go.Item[]) {
  far.items = items;
  far.calls = [];
  far.suggest = () => ({});
  const queries = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } });
  const { container } = render(
    <QueryClientProvider client={queries}>
      <MantineProvider env="test">
        <Screen />
      </MantineProvider>
    </QueryClientProvider>,
  );
  await act(() => show());
  return container;
}

beforeEach(() => {
  localStorage.clear();
  useTraffic.setState({
    text: '',
    query: '',
    filterOn: true,
    all: false,
    group: false,
    follow: true,
    selection: none,
    detail: false,
    popover: null,
  });
});

const many = (n: number) => Array.from({ length: n }, (_, i) => item(i + 1));
const grid = () => screen.getByRole('grid');
const input = () => screen.getByRole<HTMLInputElement>('combobox');
const active = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '');

test('a row says in which threats its exchange counts', async () => {
  const threat = { severity: 'high', titles: ['Steering of the model', 'Leak'], n: 2 };
  await open([item(1), item(2, { threat })]);
  const row = await screen.findByRole('row', {
    name: /2 threats, the worst High: Steering of the model, Leak/,
  });
  expect(within(row).getByTitle(/Steering of the model/).dataset.severity).toBe('high');
  expect(screen.getAllByTitle(/threat/)).toHaveLength(1);
});

test('the list says how many rows it has, and draws those in sight', async () => {
  await open(many(5_000));
  expect(grid().getAttribute('aria-rowcount')).toBe('5001');
  const rows = within(grid()).getAllByRole('row');
  expect(rows.length).toBeLessThan(60);
  expect(rows.at(-1)?.getAttribute('aria-rowindex')).toBe('5001'); // it follows the newest
  expect(rows.at(-1)?.getAttribute('aria-label')).toContain('question 5000');
});

test('arrows, Home and End move through the list, with Shift they choose', async () => {
  await open(many(300));
  const user = userEvent.setup();
  grid().focus();
  await user.keyboard('{Home}');
  await waitFor(() => expect(active()?.getAttribute('aria-label')).toContain('question 1,'));
  expect(useTraffic.getState().follow).toBe(false);
  await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  await waitFor(() => expect([...useTraffic.getState().selection.picked]).toEqual(['2', '3', '4']));
  await user.keyboard('{End}');
  await waitFor(() => expect(active()?.getAttribute('aria-label')).toContain('question 300'));
  expect(useTraffic.getState().follow).toBe(true);
});

test('a row is marked by key, and the mark names what it is for', async () => {
  await open(many(5));
  const user = userEvent.setup();
  grid().focus();
  await user.keyboard('{Home}');
  await waitFor(() => expect(useTraffic.getState().selection.key).toBe('1'));
  await user.keyboard('{Alt>}3{/Alt}');
  expect(far.asked<go.MarkIn>('Traffic.Mark')[0]).toMatchObject({
    ids: ['1'],
    set: ['colour'],
    colour: 'yellow',
  });
});

test('deleting goes on with the row below', async () => {
  await open(many(5));
  const user = userEvent.setup();
  grid().focus();
  await user.keyboard('{Home}{ArrowDown}');
  await waitFor(() => expect(useTraffic.getState().selection.key).toBe('2'));
  await user.keyboard('{Delete}');
  await waitFor(() => expect(grid().getAttribute('aria-rowcount')).toBe('5'));
  await waitFor(() => expect(useTraffic.getState().selection).toMatchObject({ cursor: 1, key: '3' }));
});

test('the chosen row stays chosen while others arrive', async () => {
  await open(many(5));
  const user = userEvent.setup();
  grid().focus();
  await user.keyboard('{Home}{ArrowDown}');
  await waitFor(() => expect(useTraffic.getState().selection.key).toBe('2'));
  far.items = [...far.items, item(6)];
  act(() => far.pulse(['6']));
  await waitFor(() => expect(grid().getAttribute('aria-rowcount')).toBe('7'));
  expect(useTraffic.getState().selection).toMatchObject({ cursor: 1, key: '2' });
});

test('the slash goes to the filter, Enter applies it and goes back to the list', async () => {
  await open(many(20));
  const user = userEvent.setup();
  grid().focus();
  await user.keyboard('/');
  expect(document.activeElement).toBe(input());
  await user.keyboard('question 7{Enter}');
  await waitFor(() => expect(grid().getAttribute('aria-rowcount')).toBe('2'));
  expect(document.activeElement).toBe(grid());
  expect(screen.getByText('1 of 20 exchanges')).toBeTruthy();
});

test('suggestions are chosen with arrows and Tab, and Esc closes them', async () => {
  await open(many(3));
  const word = (text: string): go.Suggestion => ({ kind: 'field', text, help: '', start: 0, end: 3 });
  far.suggest = ({ text }) => (text === 'pro' ? { suggestions: [word('provider:'), word('prompt:')] } : {});
  const user = userEvent.setup();
  await user.click(input());
  await user.keyboard('pro');
  await waitFor(() => expect(input().getAttribute('aria-expanded')).toBe('true'));
  await user.keyboard('{Escape}');
  expect(input().getAttribute('aria-expanded')).toBe('false');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  await waitFor(() => {
    const option = document.getElementById(input().getAttribute('aria-activedescendant') ?? '');
    expect(option?.textContent).toContain('prompt:');
  });
  await user.keyboard('{Tab}');
  expect(input().value).toBe('prompt:');
  expect(document.activeElement).toBe(input());
});

test('a query that cannot be read is not applied, and the field that was meant is one click away', async () => {
  await open(many(3));
  far.suggest = ({ text }) =>
    text.includes('hst')
      ? { problem: { column: 1, length: 3, message: 'no field "hst"', nearest: 'host' } }
      : { problem: noFault };
  const user = userEvent.setup();
  await user.click(input());
  await user.keyboard('hst:x');
  expect(await screen.findByText('no field "hst"')).toBeTruthy();
  expect(input().getAttribute('aria-invalid')).toBe('true');
  await new Promise((done) => setTimeout(done, 400));
  expect(far.asked<go.ViewIn>('Traffic.Open').some(({ query }) => query.includes('hst'))).toBe(false);
  await user.click(screen.getByText('Use host'));
  expect(input().value).toBe('host:x');
});

test('nothing matches: how many are hidden, and the way back', async () => {
  await open(many(12));
  useTraffic.setState({ text: 'nowhere', query: 'nowhere' });
  await act(() => show());
  expect(screen.getByText('12 exchanges are hidden by this filter.')).toBeTruthy();
  await userEvent.click(screen.getAllByText('Clear the filter').at(-1) as Element);
  await waitFor(() => expect(grid().getAttribute('aria-rowcount')).toBe('13'));
});

test('nothing recorded: what to do depends on capture', async () => {
  far.capture.on = false;
  await open([]);
  expect(await screen.findByText('Start capturing')).toBeTruthy();
});

test('what was not kept has a number', async () => {
  far.capture = { on: true, lost: 23, lost_why: 'the disk is slow' };
  await open(many(1));
  expect(await screen.findByText('23 bodies were not kept: the disk is slow')).toBeTruthy();
  far.capture = { on: false, lost: 0, lost_why: '' };
});

test('recorded text is text, and what hides in it is shown', async () => {
  await open([item(1, { last_user: '<img src=x onerror=alert(1)>\u202eabc', model: '\u200bgpt' })]);
  const row = within(grid()).getAllByRole('row').at(-1) as HTMLElement;
  expect(row.querySelector('img')).toBeNull();
  expect(row.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(row.textContent).toContain('U+202E');
  expect(row.textContent).toContain('U+200B');
});

test.each([
  ['rows', many(40)],
  ['nothing', []],
])(
  'axe finds nothing wrong with %s',
  async (_, items) => {
    const container = await open(items as go.Item[]);
    // Colours are proved in theme/contrast.test.ts: nothing is painted here.
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual([]);
  },
  60_000,
);
