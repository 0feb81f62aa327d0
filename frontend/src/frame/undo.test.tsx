import { Notifications } from '@mantine/notifications';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { Surroundings } from '../test/window';
import { notifyError, notifyUndo, undoAct } from './notify';
import { doAgain, pushUndo, takeBack, useUndo } from './undo';

beforeEach(() => useUndo.setState({ done: [], undone: [] }));

test('acts are taken back last first, and done again last undone first', async () => {
  const log: string[] = [];
  const act = (name: string) => ({
    text: name,
    undo: () => void log.push(`-${name}`),
    redo: () => void log.push(`+${name}`),
  });
  pushUndo(act('a'));
  pushUndo(act('b'));
  await takeBack();
  await takeBack();
  expect(await takeBack()).toBeUndefined();
  await doAgain();
  await doAgain();
  expect(await doAgain()).toBeUndefined();
  expect(log).toEqual(['-b', '-a', '+a', '+b']);
});

test('a new act forgets what could be done again, and one without redo cannot be', async () => {
  pushUndo({ text: 'a', undo: () => {}, redo: () => {} });
  await takeBack();
  pushUndo({ text: 'b', undo: () => {} });
  expect(useUndo.getState().undone).toEqual([]);
  await takeBack();
  expect(await doAgain()).toBeUndefined();
});

test('the button of the toast takes back its own act, once', async () => {
  const log: string[] = [];
  render(<Notifications />, { wrapper: Surroundings });
  notifyUndo('Deleted 2 exchanges', () => void log.push('2'));
  notifyUndo('Deleted 3 exchanges', () => void log.push('3'));
  await screen.findByText('Deleted 3 exchanges');
  const [first] = screen.getAllByRole('button', { name: 'Undo' });
  if (!first) throw new Error('there is no button');
  await userEvent.click(first);
  await undoAct();
  await undoAct();
  expect(log).toEqual(['2', '3']);
});

test('an undo that fails says what went wrong', async () => {
  render(<Notifications />, { wrapper: Surroundings });
  notifyUndo('Deleted', () =>
    Promise.reject(new Error('{"code":"busy","message":"It is written by another","hint":"Close it"}')),
  );
  await undoAct();
  expect(await screen.findByText('It is written by another')).toBeTruthy();
  expect(screen.getByText('Close it')).toBeTruthy();
});

test('the same error is shown once', async () => {
  render(<Notifications />, { wrapper: Surroundings });
  notifyError(new Error('the disk is full'));
  notifyError(new Error('the disk is full'));
  expect(await screen.findAllByText('the disk is full')).toHaveLength(1);
});
