import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { run } from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { install, Surroundings, state } from '../test/window';
import { Banners } from './Banners';
import { CapturePill } from './CapturePill';
import { choosePath } from './choose';
import { ErrorBoundary } from './ErrorBoundary';
import { guardWindow } from './guard';
import { useNav } from './nav';
import { PathPrompt } from './PathPrompt';
import { Rail } from './Rail';
import { StatusBar } from './StatusBar';
import { TopBar } from './TopBar';
import { useFirstScreen } from './useFirstScreen';

const start = useNav.getState();
beforeEach(() => useNav.setState(start, true));

const summary = (exchanges: number) => ({
  exchanges,
  conversations: exchanges,
  providers: [],
  models: [],
  hosts: [],
  resent: false,
});

async function violations(container: HTMLElement): Promise<string[]> {
  // Contrast is proved by the tokens; happy-dom draws nothing.
  const { violations: found } = await run(container, { rules: { 'color-contrast': { enabled: false } } });
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('the rail leads to the screens', async () => {
  install({ 'Session.State': () => state(), 'Inventory.Overview': () => ({ changes: 0, behind: 0 }) });
  const { container } = render(<Rail narrow={false} />, { wrapper: Surroundings });
  await userEvent.click(screen.getByRole('button', { name: 'Reports' }));
  expect(useNav.getState().screen).toBe('reports');
  await userEvent.click(screen.getByRole('button', { name: 'Repeater' }));
  expect(useNav.getState().screen).toBe('repeater');
  expect(screen.getByRole('button', { name: 'Repeater' }).getAttribute('aria-current')).toBe('page');
  expect(await violations(container)).toEqual([]);
});

test('the rail says how much changed in the inventory since somebody looked', async () => {
  install({ 'Session.State': () => state(), 'Inventory.Overview': () => ({ changes: 240, behind: 0 }) });
  const { container } = render(<Rail narrow />, { wrapper: Surroundings });
  await userEvent.click(
    await screen.findByRole('button', { name: 'Inventory, 240 changes since you last looked' }),
  );
  expect(useNav.getState().screen).toBe('inventory');
  expect(screen.getByText('99+')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('the pill switches the recorder off, and the top bar has no flaw that axe finds', async () => {
  const calls = install({ 'Session.State': () => state(), 'Session.StopCapture': () => state() });
  const { container } = render(<TopBar />, { wrapper: Surroundings });
  const pill = await screen.findByRole('button', { name: 'Capture: Capturing 127.0.0.1:8080 · 3 clients' });
  expect(await violations(container)).toEqual([]);
  await userEvent.click(pill);
  await userEvent.click(await screen.findByRole('button', { name: 'Stop capturing' }));
  expect(calls.map(([name]) => name)).toContain('Session.StopCapture');
});

test('losses are said in the pill', async () => {
  install({ 'Session.State': () => state({ capture: { lost: 2, lost_why: 'the disk is full' } }) });
  render(<CapturePill />, { wrapper: Surroundings });
  await userEvent.click(await screen.findByRole('button', { name: /2 losses/ }));
  expect(await screen.findByText('the disk is full')).toBeTruthy();
});

test('a taken port names who has it, and a free one is a click away', async () => {
  const fault = { code: 'busy', message: 'cannot listen', hint: '' };
  const calls = install({
    'Session.State': () => state({ capture: { on: false, fault } }),
    'Setup.Status': () => ({
      port: { taken: true, port: 8080, name: 'java', pid: 412, free: '127.0.0.1:8081' },
    }),
    'Session.StartCapture': () => state(),
  });
  render(<CapturePill />, { wrapper: Surroundings });
  await userEvent.click(await screen.findByRole('button', { name: /could not start/ }));
  expect(await screen.findByText(/It is java, process 412/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Use 127.0.0.1:8081' }));
  expect(calls).toContainEqual(['Session.StartCapture', { listen: '127.0.0.1:8081' }]);
});

test('a job shows how far it is and can be cancelled', async () => {
  const job = { id: '7', kind: 'import', what: 'acme.har', done: 30, all: 120, state: 'running', note: '' };
  const calls = install({
    'Session.State': () => ({ ...state(), jobs: [job] }),
    'Session.Summary': () => summary(1204),
    'Session.EndJob': () => ({}),
  });
  const { container } = render(<StatusBar />, { wrapper: Surroundings });
  expect(await screen.findByText('25%')).toBeTruthy();
  expect(await screen.findByRole('button', { name: '1,204 exchanges' })).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Cancel this work' }));
  expect(calls).toContainEqual(['Session.EndJob', { id: '7' }]);
});

test.each([
  [0, 'setup'],
  [5, 'traffic'],
])('with %d exchanges a person begins at %s', async (exchanges, where) => {
  install({ 'Session.State': () => state(), 'Session.Summary': () => summary(exchanges) });
  render(<FirstScreen />, { wrapper: Surroundings });
  await screen.findByText('decided');
  expect(useNav.getState().screen).toBe(where);
});

function FirstScreen() {
  return useFirstScreen() ? <p>decided</p> : null;
}

test('who writes to a project that can only be read is said', async () => {
  install({
    'Session.State': () => state({ project: { read_only: true, why: 'assay (pid 17) writes it' } }),
  });
  render(<Banners />, { wrapper: Surroundings });
  expect(await screen.findByText('assay (pid 17) writes it')).toBeTruthy();
});

test('a lost connection is said until it is back', async () => {
  install({ 'Session.State': () => state() });
  render(<Banners />, { wrapper: Surroundings });
  const tell = (detail: string) => fireEvent(window, new CustomEvent('assay:connection', { detail }));
  tell('lost');
  expect(screen.getByRole('alert').textContent).toContain('connection to Assay is lost');
  tell('restored');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('without native dialogs the path is asked for in the window', async () => {
  install({ 'Session.Choose': () => ({ path: '', available: false }) });
  render(<PathPrompt />, { wrapper: Surroundings });
  const chosen = choosePath({ title: 'New project', save: true, name: 'acme.assay' });
  const field = await screen.findByLabelText('File');
  await userEvent.clear(field);
  await userEvent.type(field, '/engagements/b.assay{Enter}');
  expect(await chosen).toBe('/engagements/b.assay');

  const cancelled = choosePath({ title: 'Open' });
  await screen.findByLabelText('File');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(await cancelled).toBe('');
});

let broken = true;
function Breaks() {
  if (broken) throw new Error('no such row');
  return <p>whole again</p>;
}

test('the fault of a screen stays with it, and the screen can be loaded again', async () => {
  const log = console.error;
  console.error = () => {};
  try {
    render(
      <ErrorBoundary name="traffic">
        <Breaks />
      </ErrorBoundary>,
      { wrapper: Surroundings },
    );
  } finally {
    console.error = log;
  }
  expect(screen.getByText(/no such row/)).toBeTruthy();
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Reload the screen' }));
  expect(screen.getByText('whole again')).toBeTruthy();
});

let unguard = () => {};
afterEach(() => unguard());

test('no link and no dropped file leads the window away, and a drop zone gets its files', () => {
  unguard = guardWindow();
  const { getByText, getByTestId } = render(
    <>
      <a href="https://example.com/">
        <b>out</b>
      </a>
      <div data-testid="elsewhere" />
      <div data-testid="zone" />
    </>,
  );
  getByTestId('zone').addEventListener('dragover', (event) => event.preventDefault());
  expect(fireEvent.click(getByText('out'))).toBe(false);
  expect(dropEffectOver(getByTestId('elsewhere'))).toBe('none');
  expect(dropEffectOver(getByTestId('zone'))).toBe('copy');
});

function dropEffectOver(element: HTMLElement): string {
  const dataTransfer = { types: ['Files'], dropEffect: 'copy' };
  const event = Object.assign(new Event('dragover', { bubbles: true, cancelable: true }), { dataTransfer });
  fireEvent(element, event);
  return dataTransfer.dropEffect;
}
