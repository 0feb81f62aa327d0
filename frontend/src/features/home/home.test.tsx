import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { install, Surroundings, state } from '../../test/window';
import Screen from './Screen';

const start = useNav.getState();
beforeEach(() => useNav.setState(start, true));

const nothing: go.Summary = {
  exchanges: 0,
  conversations: 0,
  providers: [],
  models: [],
  hosts: [],
  resent: false,
};

function show(summary: go.Summary, rows: Partial<go.Row>[] = []) {
  install({
    'Session.State': () => state(),
    'Session.Summary': () => summary,
    'Session.Latest': () => ({ rows }),
  });
  return render(<Screen />, { wrapper: Surroundings });
}

test('with nothing recorded three steps stand open, and the first leads to the set-up', async () => {
  show(nothing);
  expect(await screen.findAllByRole('img', { name: 'To do' })).toHaveLength(3);
  await userEvent.click(screen.getByRole('button', { name: 'Connect a client' }));
  expect(useNav.getState().screen).toBe('setup');
});

test('a conversation ticks two steps, and its counts open what they count', async () => {
  const models = [{ value: 'a"b\\c', n: 3 }];
  show({ ...nothing, exchanges: 4, conversations: 3, models }, [{ id: '9', last_user: 'hello', model: 'm' }]);
  expect(await screen.findAllByRole('img', { name: 'Done' })).toHaveLength(2);
  await userEvent.click(screen.getByTitle('Show the exchanges with a"b\\c'));
  expect(useNav.getState().params).toEqual({ query: 'model="a\\"b\\\\c"' });
  await userEvent.click(await screen.findByRole('button', { name: /hello/ }));
  expect(useNav.getState()).toMatchObject({ screen: 'traffic', params: { id: '9' } });
});

test('once something was sent again the steps are gone', async () => {
  show({ ...nothing, exchanges: 4, conversations: 3, resent: true });
  expect(await screen.findByText('4 exchanges, 3 of them conversations with models')).toBeTruthy();
  expect(screen.queryByRole('list')).toBeNull();
});

test('what cannot be counted says why', async () => {
  install({ 'Session.State': () => state() });
  render(<Screen />, { wrapper: Surroundings });
  expect(await screen.findByText('nobody answers Session.Summary')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
});
