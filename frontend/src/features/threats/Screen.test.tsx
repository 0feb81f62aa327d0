import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import Screen from '../findings/Screen';
import { useFindings } from '../findings/store';
import { Far as Findings } from '../findings/testing';
import { Far as Traffic } from '../traffic/testing';
import { useThreats } from './store';
import { actorRow, Far, ruleRow, threatRow } from './testing';

let far: Far;
const begin = useThreats.getState();
const beginFindings = useFindings.getState();

beforeEachScreen(() => {
  new Traffic().install(); // the session
  new Findings().install();
  far = new Far();
  far.install();
  useThreats.setState(begin, true);
  useFindings.setState(beginFindings, true);
});

const show = (params: Record<string, string> = {}) =>
  showScreen('findings', Screen, { tab: 'watch', ...params });

const row = (name: RegExp) => screen.findByRole('row', { name });
const grid = (name = 'Threats') => screen.findByRole('grid', { name });

test('no threats says what was watched, and never that it is safe', async () => {
  far.recorded = 1200;
  far.waiting = 3;
  far.rules = [ruleRow('a'), ruleRow('b', { on: false })];
  const { container } = show();
  expect(
    await screen.findByRole('heading', { name: 'No threats in 1,200 exchanges, watched by 1 rule' }),
  ).toBeTruthy();
  expect(screen.getByText(/does not mean safe/)).toBeTruthy();
  expect(screen.getByText('3 exchanges wait for the watch.')).toBeTruthy();
  expect(screen.getByText('1 rule is off.')).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
});

test('nothing recorded says so, and how to begin', async () => {
  far.recorded = 0;
  show();
  expect(await screen.findByRole('heading', { name: 'Nothing was watched yet' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Connect something' }));
  expect(useNav.getState().screen).toBe('setup');
});

test('100,000 threats are a list of which only what is in sight exists and is asked for', async () => {
  far.threats = Array.from({ length: 100_000 }, (_, n) => threatRow(n + 1));
  const { container } = show();
  await row(/Threat 1,/);
  expect((await grid()).getAttribute('aria-rowcount')).toBe('100001');
  expect(container.querySelectorAll('[role="row"]').length).toBeLessThan(60);
  const asked = far.asked<{ limit: number }>('List');
  expect(asked.every(({ limit }) => limit <= 200)).toBe(true);
  expect(await flaws(container)).toEqual([]);
});

test('keys say what a person holds of a threat, and it can be taken back', async () => {
  far.threats = [threatRow(1), threatRow(2), threatRow(3)];
  show();
  await row(/Threat 1,.*New/);
  (await grid()).focus();
  await userEvent.keyboard('jc');
  await row(/Threat 1,.*Confirmed/);
  await undoAct();
  await row(/Threat 1,.*New/);
  await userEvent.keyboard('{Control>}a{/Control}');
  expect(await screen.findByText('3 chosen')).toBeTruthy();
  await userEvent.keyboard('x');
  await waitFor(() => expect(screen.getAllByRole('row', { name: /, Closed,/ })).toHaveLength(3));
  await undoAct();
  await waitFor(() => expect(screen.getAllByRole('row', { name: /, New,/ })).toHaveLength(3));
});

test('harmless asks for what else it holds and why, and can be taken back', async () => {
  far.threats = [threatRow(1)];
  show();
  await row(/Threat 1,/);
  (await grid()).focus();
  await userEvent.keyboard('jh');
  const dialog = await screen.findByRole('dialog', { name: 'This was harmless' });
  expect(await within(dialog).findByText('host=api.example.test')).toBeTruthy();
  expect(await flaws(dialog)).toEqual([]);
  await userEvent.click(within(dialog).getByRole('radio', { name: 'Only this host' }));
  await userEvent.type(within(dialog).getByLabelText('Why'), 'our scanner');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Call it harmless' }));
  await row(/Threat 1,.*Harmless/);
  expect(far.asked('Harmless')).toEqual([{ ids: ['1'], scope: 'host', reason: 'our scanner' }]);
  expect(far.exceptions).toHaveLength(1);
  await undoAct();
  await row(/Threat 1,.*New/);
  expect(far.exceptions).toHaveLength(0);
});

test('the detail says what was seen, what is usual, what it means and when; text stays text', async () => {
  far.threats = [threatRow(1, { slow: true })];
  far.words = 'MARK-17 <img src=x onerror=alert(1)>';
  const { container } = show({ threat: '1' });
  const detail = await screen.findByRole('article', { name: 'Threat' });
  expect(await within(detail).findByText('Usual:')).toBeTruthy();
  expect(within(detail).getAllByText(/MARK-17/).length).toBeGreaterThan(4);
  expect(within(detail).getByText('LLM Prompt Injection')).toBeTruthy();
  expect(within(detail).getByText('It came together out of faint signs over hours or days.')).toBeTruthy();
  expect(container.querySelector('img')).toBeNull();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(detail).getByRole('button', { name: /#?41/ }));
  expect(useNav.getState()).toMatchObject({ screen: 'traffic', params: { id: '41' } });
});

test('filters narrow the list', async () => {
  far.threats = [threatRow(1, { severity: 'critical' }), threatRow(2), threatRow(3, { slow: true })];
  show();
  await row(/Threat 1/);
  await userEvent.click(screen.getByRole('button', { name: /^Critical/ }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Threat 2/ })).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
  await userEvent.click(screen.getByRole('button', { name: 'Only slow' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Threat 2/ })).toBeNull());
  await row(/Threat 3/);
  await userEvent.click(screen.getByRole('button', { name: /^Closed/ }));
  expect(await screen.findByRole('heading', { name: 'No threat matches' })).toBeTruthy();
});

test('an actor is told with what is usual and what is now, and leads to its traffic', async () => {
  far.actors = [actorRow(1), actorRow(2, { learning: true })];
  far.threats = [threatRow(1)];
  const { container } = show({ actor: 'key:actor-1' });
  const detail = await screen.findByRole('article', { name: 'Actor' });
  expect(await within(detail).findByText('2 to 9')).toBeTruthy();
  expect(within(detail).getByText('more than usual')).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(detail).getByRole('button', { name: 'Show the traffic' }));
  expect(useNav.getState()).toMatchObject({ screen: 'traffic', params: { query: 'actor=key:actor-1' } });
});

test('without a baseline it says that it learns', async () => {
  far.learning = 'fewer than 20 requests';
  show({ actor: 'key:actor-9' });
  const detail = await screen.findByRole('article', { name: 'Actor' });
  expect(await within(detail).findByText(/fewer than 20 requests/)).toBeTruthy();
});

test('by what actors are told apart can be changed, with a warning', async () => {
  far.actors = [actorRow(1)];
  show({ look: 'actors' });
  await row(/actor-1/);
  await userEvent.click(screen.getByRole('button', { name: 'Who is who' }));
  expect(await screen.findByText(/watches everything anew/)).toBeTruthy();
  await userEvent.click(await screen.findByRole('button', { name: 'User earlier' }));
  await userEvent.click(screen.getByRole('button', { name: 'Change and watch anew' }));
  await waitFor(() => expect(far.by).toEqual(['user', 'key', 'cookie', 'client', 'address']));
});

test('rules are switched off and made stricter, and that is taken back', async () => {
  far.rules = [ruleRow('a'), ruleRow('b', { severity: 'low', threats: 0 })];
  const { container } = show({ rule: 'a' });
  await row(/Rule a, On/);
  const detail = await screen.findByRole('article', { name: 'Rule' });
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(detail).getByRole('switch', { name: 'Rule on or off' }));
  await row(/Rule a, Off/);
  await undoAct();
  await row(/Rule a, On/);
  const limit = within(detail).getByLabelText('Threshold: requests');
  await userEvent.clear(limit);
  await userEvent.type(limit, '9');
  await userEvent.click(within(detail).getByRole('button', { name: 'Set' }));
  await waitFor(() => expect(far.rules[0]?.threshold).toBe(9));
  expect(within(await row(/Rule b/)).getByRole('switch', { hidden: true })).toBeTruthy();
});

test('what was called harmless is listed and can be removed', async () => {
  far.exceptions = [far.exception('3', { actor: 'key:3f9a', reason: 'our scanner' })];
  const { container } = show({ look: 'rules' });
  await userEvent.click(await screen.findByText('Exceptions (1)'));
  expect(await screen.findByText('of Key 3f9a')).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText('Nothing was called harmless.')).toBeTruthy();
  await undoAct();
  expect(await screen.findByText('of Key 3f9a')).toBeTruthy();
});
