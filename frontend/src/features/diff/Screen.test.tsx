import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import type { go } from '../../api';
import { listenForKeys } from '../../commands/listen';
import { useNav } from '../../frame/nav';
import { row } from '../traffic/testing';
import Screen from './Screen';

// The Go side: what it was asked, and what it answers.
let asked: go.DiffIn[] = [];
let answer: (input: go.DiffIn) => Partial<go.DiffOut>;

const piece = (change: string, text: string): go.DiffSegment => ({ change, text, moved: false });
const text = (segments: go.DiffSegment[]): go.DiffText => ({
  segments,
  unit: 'word',
  coarse: false,
  cut: false,
});

beforeEach(() => {
  asked = [];
  answer = () => ({});
  const far = {
    Diff: {
      Compare: async (input: go.DiffIn): Promise<go.DiffOut> => {
        asked.push(input);
        return {
          a: row(Number(input.a)),
          b: row(Number(input.b)),
          facts: [
            { name: 'refusal', change: 'changed', a: 'no', b: 'looks' },
            { name: 'status', change: 'same', a: '200', b: '200' },
          ],
          text: text([
            piece('same', 'I '),
            piece('removed', 'can'),
            piece('added', 'cannot'),
            piece('same', ' help '),
            piece('added', 'you\u202e'),
          ]),
          form: 'json',
          headers: [],
          changes: [{ change: 'changed', path: '/choices/0/text', a: '"a"', b: '"<b>x</b>"' }],
          more: 0,
          lines: text([]),
          noise: input.ignore.map((name) => ({ name, hidden: name === 'ids' ? 3 : 0 })),
          equal: false,
          open: false,
          notes: [],
          ...answer(input),
        };
      },
    },
    Exchange: { Row: async ({ id }: go.ExchangeIn) => row(Number(id)) },
  };
  Object.assign(window, { go: { window: far }, runtime: { EventsOnMultiple: () => () => {} } });
  useNav.setState({ screen: 'diff', params: { a: '1', b: '2' } });
});

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

test('changes are walked through by keys, and counted', async () => {
  Element.prototype.scrollIntoView = () => {};
  const stop = listenForKeys();
  const user = userEvent.setup();
  const { container } = show();
  expect(await screen.findByText('– of 2')).toBeTruthy();
  container.querySelector<HTMLElement>('section[tabindex="0"]')?.focus();
  await user.keyboard('nn');
  expect(screen.getByText('2 of 2')).toBeTruthy();
  expect(container.querySelector('[data-at] ins')?.textContent).toContain('you');
  await user.keyboard('n');
  expect(screen.getByText('1 of 2')).toBeTruthy();
  await user.keyboard('x');
  expect(await screen.findByLabelText('Before: exchange 2')).toBeTruthy();
  expect(asked.at(-1)).toMatchObject({ a: '2', b: '1', side: 'answer' });
  stop();
});

test('noise is ignored until its chip is pressed; paths of my own are added', async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole('tab', { name: /JSON/ }));
  const chip = screen.getByRole('button', { name: 'ids · 3 hidden' });
  expect(chip.getAttribute('aria-pressed')).toBe('true');
  await user.click(chip);
  expect(asked.at(-1)?.ignore).toEqual(['dates', 'usage', 'transport']);
  await user.click(await screen.findByRole('button', { name: 'Ignore /choices/*/text from now on' }));
  expect(asked.at(-1)?.ignore).toContain('/choices/*/text');
});

test('recorded text is text, and nothing in it is hidden', async () => {
  const user = userEvent.setup();
  const { container } = show();
  expect((await screen.findByLabelText('Text')).textContent).not.toContain('\u202e');
  await user.click(screen.getByRole('tab', { name: /JSON/ }));
  expect(screen.getByText('"<b>x</b>"')).toBeTruthy();
  expect(container.querySelector('ins b')).toBeNull();
});

test('the same answers are said to be the same', async () => {
  answer = () => ({ facts: [], text: text([piece('same', 'Hello')]), changes: [], equal: true });
  show();
  expect(await screen.findByText('The answers are the same.')).toBeTruthy();
  expect(screen.getByText('no changes')).toBeTruthy();
});

test('a comparison that fails says why', async () => {
  answer = () => {
    throw new Error('{"code":"not-found","message":"This exchange is no longer in the project.","hint":""}');
  };
  show();
  expect((await screen.findByRole('alert')).textContent).toContain('no longer in the project');
});

test('without two exchanges it says how to choose them', () => {
  useNav.setState({ params: {} });
  show();
  expect(screen.getByText('Nothing to compare yet')).toBeTruthy();
});

test.each(['Meaning', 'Text', 'JSON'])('%s has no barriers that a machine can find', async (level) => {
  const user = userEvent.setup();
  const { container } = show();
  await user.click(await screen.findByRole('tab', { name: new RegExp(level) }));
  expect(
    within(container)
      .getByRole('tab', { name: new RegExp(level) })
      .getAttribute('aria-selected'),
  ).toBe('true');
  const { violations } = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
