import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { go } from '../../api';
import './commands';
import { listenForKeys } from '../../commands/listen';
import { useNav } from '../../frame/nav';
import { install, Surroundings } from '../../test/window';
import { row } from '../traffic/testing';
import { hideHost } from './act';
import { diffWith, useDiffBase } from './diffWith';
import { ExchangeMenu } from './ExchangeMenu';

let calls: [string, unknown][];
let copied: string[];

beforeEach(() => {
  copied = [];
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  calls = install({
    'Actions.Copy': ({ id, format }: go.CopyIn) => ({ text: `${format} of ${id}`, credentials: false }),
    'Actions.Export': () => ({ download: '', name: 'x.har', job: {} }),
    'Exchange.Row': ({ id }: go.ExchangeIn) => row(Number(id)),
    'Traffic.Delete': ({ ids }: go.DeleteIn) => ({ n: ids.length }),
  });
  useNav.setState({ screen: 'traffic', params: {}, past: [] });
});

function show(ids: string[]) {
  const stop = listenForKeys();
  const view = render(
    <Surroundings>
      <div data-scope="list">
        <ExchangeMenu ids={ids}>
          <button type="button">a row</button>
        </ExchangeMenu>
      </div>
    </Surroundings>,
  );
  screen.getByText('a row').focus();
  return { ...view, stop };
}

test('the menu opens by keyboard, copies, and Ctrl+C copies as the same again', async () => {
  const { stop } = show(['4', '5']);
  await userEvent.keyboard('{Shift>}{F10}{/Shift}');
  await userEvent.hover(await screen.findByRole('menuitem', { name: 'Copy as' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Python' }));
  await waitFor(() => expect(copied).toEqual(['python of 4\n\npython of 5']));
  screen.getByText('a row').focus();
  await userEvent.keyboard('{Control>}c{/Control}');
  await waitFor(() => expect(copied).toHaveLength(2));
  expect(copied[1]).toBe(copied[0]);
  stop();
});

test('what was chosen is exported and deleted by its ids', async () => {
  const { stop } = show(['4', '5']);
  await userEvent.keyboard('{Shift>}{F10}{/Shift}');
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Export 2 as HAR…' }));
  await waitFor(() =>
    expect(calls).toContainEqual([
      'Actions.Export',
      { ids: ['4', '5'], query: '', format: 'har', reveal: false },
    ]),
  );
  await userEvent.keyboard('{Shift>}{F10}{/Shift}');
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete 2' }));
  await waitFor(() => expect(calls).toContainEqual(['Traffic.Delete', { ids: ['4', '5'], undo: false }]));
  stop();
});

test('a hostile host stays one value of the filter', async () => {
  await hideHost('a" or host="b\\');
  expect(useNav.getState().params.query).toBe('not host="a\\" or host=\\"b\\\\"');
});

test('one exchange waits for the second to be compared with', () => {
  useDiffBase.setState({ base: '' });
  diffWith(['7']);
  expect(useNav.getState().screen).toBe('traffic');
  diffWith(['9']);
  expect(useNav.getState()).toMatchObject({ screen: 'diff', params: { a: '7', b: '9' } });
});
