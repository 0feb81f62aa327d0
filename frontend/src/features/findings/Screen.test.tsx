import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { Far as Threats } from '../threats/testing';
import { Far as Traffic } from '../traffic/testing';
import Screen from './Screen';
import { useFindings } from './store';
import { Far, findingRow } from './testing';

let far: Far;
const begin = useFindings.getState();

beforeEachScreen(() => {
  new Traffic().install(); // the session
  new Threats().install();
  far = new Far();
  far.install();
  useFindings.setState(begin, true);
});

const show = (params?: Record<string, string>) => showScreen('findings', Screen, params);

const row = (name: RegExp) => screen.findByRole('row', { name });
const grid = () => screen.findByRole('grid', { name: 'Findings' });

test('no findings says what was tested, and never that it is safe', async () => {
  far.runs = 2;
  far.tested = ['LLM01:2025'];
  const { container } = show();
  expect(
    await screen.findByRole('heading', { name: 'No findings. 1 of 3 OWASP categories were tested' }),
  ).toBeTruthy();
  expect(screen.getByText(/does not mean safe/)).toBeTruthy();
  expect(screen.getAllByText('not tested')).toHaveLength(2);
  expect(await flaws(container)).toEqual([]);
});

test('100,000 findings are a list of which only what is in sight exists and is asked for', async () => {
  far.findings = Array.from({ length: 100_000 }, (_, n) => findingRow(n + 1));
  const { container } = show();
  await row(/Finding 1,/);
  expect((await grid()).getAttribute('aria-rowcount')).toBe('100001');
  expect(container.querySelectorAll('[role="row"]').length).toBeLessThan(60);
  const asked = far.calls.filter(({ method }) => method === 'List');
  expect(asked.every(({ input }) => (input as { limit: number }).limit <= 200)).toBe(true);
});

test('keys say what a person holds of a finding, and it can be taken back', async () => {
  far.findings = [findingRow(1), findingRow(2), findingRow(3)];
  show();
  await row(/Finding 1,.*New/);
  (await grid()).focus();
  await userEvent.keyboard('jv');
  await row(/Finding 1,.*Verified/);
  await undoAct();
  await row(/Finding 1,.*New/);
  await userEvent.keyboard('{Control>}a{/Control}');
  expect(await screen.findByText('3 chosen')).toBeTruthy();
  await userEvent.keyboard('f');
  await waitFor(() => expect(screen.getAllByRole('row', { name: /False positive/ })).toHaveLength(3));
  await undoAct();
  await waitFor(() => expect(screen.getAllByRole('row', { name: /, New,/ })).toHaveLength(3));
  const set = far.calls.filter(({ method }) => method === 'SetState');
  expect(set.map(({ input }) => (input as { state: string }).state)).toEqual(['verified', 'false_positive']);
});

test('the detail shows proof with what proves it marked, why it matters and how to fix it', async () => {
  far.findings = [findingRow(1)];
  far.words = 'MARK-17 <img src=x onerror=alert(1)>';
  const { container } = show({ finding: '1' });
  const detail = await screen.findByRole('article', { name: 'Finding' });
  const mark = await waitFor(() => {
    const found = detail.querySelector('mark');
    expect(found).toBeTruthy();
    return found as HTMLElement;
  });
  expect(mark.textContent).toBe(far.words);
  expect(mark.title).toBe('the planted text came back');
  expect(within(detail).getByText('System Prompt Leakage')).toBeTruthy();
  expect(container.querySelector('img')).toBeNull();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(detail).getByRole('button', { name: 'staging-bot' }));
  expect(useNav.getState()).toMatchObject({ screen: 'models', params: { model: '1' } });
});

test('filters narrow the list, and what a link names is what is listed', async () => {
  far.findings = [
    findingRow(1, { severity: 'critical' }),
    findingRow(2),
    findingRow(3, { state: 'accepted', target: 'model:2' }),
  ];
  show({ target: 'model:2' });
  await row(/Finding 3/);
  expect(screen.queryByRole('row', { name: /Finding 1/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
  await row(/Finding 1/);
  await userEvent.click(screen.getByRole('button', { name: /^Critical/ }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Finding 2/ })).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: /^Accepted/ }));
  expect(await screen.findByRole('heading', { name: 'No finding matches' })).toBeTruthy();
});

test('Clear right after typing: the words do not come back', async () => {
  far.findings = [findingRow(1), findingRow(2), findingRow(3)];
  show();
  await row(/Finding 1,/);
  const words = screen.getByRole('searchbox');
  fireEvent.change(words, { target: { value: 'Finding 2' } }); // at once: before the words are applied by themselves
  fireEvent.keyDown(words, { key: 'Enter' });
  fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
  await new Promise((done) => setTimeout(done, 300)); // longer than words wait to be applied
  expect(useFindings.getState().filter.text).toBe('');
  expect(await screen.findAllByRole('row', { name: /Finding \d/ })).toHaveLength(3);
});
