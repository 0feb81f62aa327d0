import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { install, state } from '../../test/window';
import { noPlan, useTests } from '../tests/store';
import Screen from './Screen';
import { useHome } from './store';
import { advice, Far, item, posture, reason, requirement, snapshot } from './testing';

const begin = useHome.getState();
const nothing: go.Summary = {
  exchanges: 0,
  conversations: 0,
  providers: [],
  models: [],
  hosts: [],
  resent: false,
};

let far: Far;
let summary: go.Summary;

beforeEachScreen(() => {
  summary = { ...nothing, exchanges: 24, conversations: 20, resent: true };
  install({});
  const host = window as unknown as { go: { window: object } };
  host.go = {
    window: {
      Session: { State: async () => state(), Summary: async () => summary },
      Tests: { Targets: async () => ({ models: [{ ref: 'model:1' }], roles: [], strategies: [] }) },
    },
  };
  far = new Far();
  far.install();
  useHome.setState(begin, true);
  useTests.setState({ plan: noPlan });
});

const show = (params?: Record<string, string>) => showScreen('home', Screen, params);
const card = (name: string | RegExp) => screen.findByRole('region', { name });

test('with nothing recorded three steps stand open, and the first leads to the set-up', async () => {
  summary = nothing;
  far.stood = { exchanges: 0, models: 0, runs: 0 };
  const { container } = show();
  expect(await screen.findAllByRole('img', { name: 'To do' })).toHaveLength(3);
  expect(screen.queryByRole('tablist')).toBeNull();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Connect a client' }));
  expect(useNav.getState().screen).toBe('setup');
});

test('the steps stay until something was sent again or tested', async () => {
  summary = { ...summary, resent: false };
  far.stood = { exchanges: 24, models: 0, runs: 0 };
  far.posture = posture({ done: [] });
  show();
  expect(await screen.findAllByRole('img', { name: 'Done' })).toHaveLength(2);
  expect(screen.getAllByRole('img', { name: 'To do' })).toHaveLength(1);
});

test('what cannot be counted says why', async () => {
  install({ 'Session.State': () => state() });
  show();
  expect(await screen.findByText('nobody answers Session.Summary')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
});

test('nothing is a zero while it is on its way', async () => {
  const host = window as unknown as { go: { window: Record<string, Record<string, unknown>> } };
  for (const method of ['Posture', 'Criticals', 'Assets', 'Seen']) {
    (host.go.window.Home ?? {})[method] = () => new Promise(() => {});
  }
  const { container } = show();
  await card('How things stand');
  expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(5);
  expect(container.querySelector('[data-scope=home]')?.textContent).not.toMatch(/(^|[^\d,])0([^\d]|$)/);
});

test('the score says its grade, what moved it, and why: each reason leads to its evidence', async () => {
  const { container } = show();
  const score = await card('How things stand');
  expect(await within(score).findByRole('img', { name: 'Score 38.2 of 100, grade E' })).toBeTruthy();
  expect(score.textContent).toContain(
    '11 weaknesses are open, 9 of them critical. 1 of 4 OWASP categories was never tested.',
  );
  expect(score.textContent).toContain('−4.2 points');
  const why = await card('Why');
  expect(within(why).getAllByRole('listitem')).toHaveLength(5);
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(why).getByRole('button', { name: /weakness 1/ }));
  expect(useNav.getState()).toMatchObject({ screen: 'findings', params: { finding: '1' } });
});

test('what stands at the limit of its area is said once, and does not hide the rest', async () => {
  far.posture = posture({
    reasons: [
      reason(1, { points: 25, full: 25 }),
      reason(2, { points: 0, full: 25 }),
      reason(3, { points: 0, full: 25 }),
      reason(4, {
        points: 2,
        area: 'coverage',
        code: 'item-not_tested',
        ref: 'owasp:LLM03:2025',
        what: 'LLM03 was not tested.',
      }),
    ],
  });
  show();
  const why = await card('Why');
  await within(why).findByText(/2 more reasons take nothing further away/);
  expect(within(why).getAllByRole('listitem')).toHaveLength(2);
  await userEvent.click(within(why).getByRole('button', { name: /LLM03 was not tested/ }));
  expect(useNav.getState()).toMatchObject({ screen: 'home', params: { tab: 'coverage' } });
});

test('without enough evidence there is no score, but what it cannot be above, and why', async () => {
  far.posture = posture({
    enough: false,
    score: 78.4,
    grade: '',
    missing: 'Only 1 of 10 categories was tested.',
    trend: [],
    moved: { since: '', cause: '', by: 0, moves: [], more: 0 },
    done: [],
  });
  far.criticals = { items: [], total: 0, severity: 'critical', open: 0, severities: [0, 0, 0, 0, 0] };
  const { container } = show();
  const score = await card('How things stand');
  await within(score).findByText('Not enough evidence for a score');
  expect(score.textContent).toContain('it cannot be above 78.4 of 100');
  expect(score.textContent).toContain('Only 1 of 10 categories was tested.');
  expect(within(score).queryByRole('img', { name: /grade/ })).toBeNull();
  const newest = await card('Newest critical findings');
  expect(newest.textContent).toContain('That does not mean safe: 1 of 4 OWASP categories were never tested.');
  expect((await card('Score over time')).textContent).toContain('There is nothing to compare with yet.');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(score).getByRole('button', { name: 'Plan a test' }));
  await waitFor(() => expect(useTests.getState().plan.targets).toEqual(['model:1']));
  expect(useTests.getState().plan.suites).toEqual(['owasp-llm-top-10']);
});

test('what to do first says who, what exactly and how to check; what a retest showed is ticked', async () => {
  show();
  const first = await card('What to do first');
  await within(first).findByText('Do this 1.');
  expect(within(first).getAllByText('And how it is done.')).toHaveLength(5);
  expect(first.textContent).toContain('whoever builds the application · little work');
  expect(within(first).getByText('assay test run --template t1')).toBeTruthy();
  expect(within(first).queryByText('Do this 6.')).toBeNull();
  await userEvent.click(within(first).getByRole('button', { name: 'All 6 steps' }));
  expect(within(first).getByText('Do this 6.')).toBeTruthy();
  expect(within(first).getByText('Mended long ago.')).toBeTruthy();
  await userEvent.click(within(first).getByRole('button', { name: 'Run 7' }));
  expect(useNav.getState()).toMatchObject({ screen: 'tests', params: { run: '7' } });
});

test('an item that nobody tested says what would test it and plans that; a vulnerable one opens its findings', async () => {
  show();
  const list = await card('OWASP Top 10 for LLM Applications 2025');
  expect(list.textContent).toContain('7 templates would test it');
  expect(list.textContent).toContain('The target has no tools.');
  expect(list.textContent).toContain('7 of 10 cases gave in');
  await userEvent.click(within(list).getByRole('button', { name: 'Plan a test of LLM03 Category 3' }));
  expect(useTests.getState().plan).toMatchObject({ owasp: ['LLM03:2025'], suites: [] });
  expect(useNav.getState()).toMatchObject({ screen: 'tests', params: { tab: 'plan' } });
  await userEvent.click(within(list).getByRole('button', { name: 'Show the findings of LLM01 Category 1' }));
  expect(useNav.getState()).toMatchObject({ screen: 'findings', params: { owasp: 'LLM01:2025' } });
});

test('pictures say in a sentence what they show, and have a table behind them', async () => {
  const { container } = show();
  const trend = await card('Score over time');
  await within(trend).findByRole('img', { name: 'Score at 2 times: first 31 (E), last 32 (E)' });
  expect(trend.textContent).toContain('New: A new weakness.');
  await userEvent.click(within(trend).getByRole('radio', { name: 'Table' }));
  expect(within(trend).getAllByRole('row')).toHaveLength(3);
  await userEvent.click(within(trend).getByRole('button', { name: 'run 2' }));
  expect(useNav.getState()).toMatchObject({ screen: 'tests', params: { run: '2' } });
  const open = await card('Open weaknesses over time');
  within(open).getByRole('img', { name: 'Open weaknesses at 2 times; last: 2 Critical, 1 High' });
  await userEvent.click(within(open).getByRole('radio', { name: 'Table' }));
  expect(
    within(open)
      .getAllByRole('cell')
      .map((cell) => cell.textContent)
      .slice(1, 6),
  ).toEqual(['2', '1', '0', '0', '0']);
  expect(await flaws(container)).toEqual([]);
});

test('hundreds of snapshots fit, and one is no line', async () => {
  far.posture = posture({
    trend: Array.from({ length: 120 }, (_, n) => snapshot(1, { cause: `run:${n}`, enough: n > 60 })),
  });
  show();
  const trend = await card('Score over time');
  await within(trend).findByRole('img', { name: /^Score at 120 times: first no score, at most 31/ });
  expect(trend.querySelectorAll('circle')).toHaveLength(120);
  expect(trend.innerHTML).not.toContain('NaN');
});

test('what cannot be worked out says why, and the rest is shown', async () => {
  far.broken = ['Posture', 'Assets'];
  show();
  expect((await screen.findAllByText('Posture cannot be worked out')).length).toBeGreaterThan(2);
  expect(await screen.findByText('Assets cannot be worked out')).toBeTruthy();
  expect(await screen.findByText('Weakness 1')).toBeTruthy();
  far.broken = [];
  const score = await card('How things stand');
  await userEvent.click(within(score).getByRole('button', { name: 'Try again' }));
  await within(score).findByText('38.2');
});

test('an asset shows its own score, and the whole comes back', async () => {
  show();
  const assets = await card('Where the risk lies');
  await userEvent.click(await within(assets).findByRole('button', { name: /api.example.test/ }));
  await screen.findByText('This is the score of a part:');
  await within(await card('How things stand')).findByText('42');
  expect(screen.queryByRole('region', { name: 'Score over time' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show the whole project' }));
  await within(await card('How things stand')).findByText('38.2');
});

test('text of others is text: nothing of it becomes part of the page, and what is not seen is shown', async () => {
  const evil = `<img src=x onerror=alert(1)> \u202Egnp.exe ${'x'.repeat(5000)}`;
  far.posture = posture({
    reasons: [reason(1, { what: evil, ref: 'javascript:alert(1)' })],
    advice: [
      advice(1, {
        what: evil,
        why: evil,
        check: evil,
        refs: [
          { ref: '<b>:1', name: '' },
          { ref: 'client:<i>x</i>', name: evil },
        ],
      }),
    ],
    items: [item(4, { state: 'not_testable', why: evil })],
    moved: {
      since: snapshot(1).at,
      cause: evil,
      by: 1,
      moves: [{ points: 1, kind: 'gone', what: evil, ref: '' }],
      more: 0,
    },
  });
  far.assets = far.assets.map((one) => ({ ...one, name: evil }));
  far.criticals = {
    ...far.criticals,
    items: far.criticals.items.map((one) => ({ ...one, title: evil, target: evil })),
  };
  far.seen = { ...far.seen, latest: [{ id: '9', said: evil, from: evil, started: '' }] };
  const { container } = show();
  await card('What to do first');
  await waitFor(() => expect(container.textContent?.split('onerror=alert(1)').length).toBeGreaterThan(7));
  expect(container.querySelector('img, b, script, a')).toBeNull();
  expect(container.querySelector('[data-scope=home]')?.textContent?.includes('\u202E')).toBe(false);
  expect(within(await card('Why')).queryByRole('button', { name: /onerror/ })).toBeNull(); // no way to evidence that is none
  expect(await flaws(container)).toEqual([]);
});

test('coverage: frameworks with versions, and every number opens its evidence', async () => {
  const { container } = show({ tab: 'coverage' });
  const cell = await screen.findByRole('button', {
    name: 'LLM01 Category 1, weak bot: Vulnerable, 10 cases',
  });
  expect(screen.getByRole('img', { name: 'LLM01 Category 1, other bot: Not tested' })).toBeTruthy();
  expect(container.textContent).toContain('Version 2025. https://genai.owasp.org');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(cell);
  expect(useNav.getState()).toMatchObject({ screen: 'findings', params: { finding: '3' } });
  await userEvent.click(screen.getByRole('button', { name: 'Vulnerable 1' }));
  expect(screen.queryByText('Category 3')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Vulnerable 1' }));
  await userEvent.click(screen.getByRole('button', { name: 'Plan a test of LLM03 Category 3' }));
  expect(useTests.getState().plan.owasp).toEqual(['LLM03:2025']);
});

test('requirements: what fails says why, leads to its evidence, and is held by the guard after one question', async () => {
  far.requirements = [
    requirement('tls', 'fail'),
    requirement('auth', 'unknown', { can_hold: false }),
    requirement('ok', 'pass'),
  ];
  const { container } = show({ tab: 'requirements' });
  await userEvent.click(await screen.findByRole('button', { name: /Rule tls/ }));
  expect(await flaws(container)).toEqual([]);
  expect(screen.getByText('2 of 3 fail it.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Let the guard hold it…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Let the guard hold it?' });
  expect(dialog.textContent).toContain('The guard is off');
  expect(far.asked('Enforce')).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add the policy' }));
  await waitFor(() => expect(far.asked('Enforce')).toEqual([{ id: 'tls', action: 'monitor' }]));
  await screen.findByRole('button', { name: 'policy 3, which only says so' });
  await userEvent.click(screen.getByRole('button', { name: 'Endpoint 7' }));
  expect(useNav.getState()).toMatchObject({ screen: 'inventory', params: { endpoint: '7' } });
  await userEvent.click(screen.getByRole('button', { name: /Rule auth/ }));
  expect(screen.getByText('The guard cannot hold this: it has to be mended where it is.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Holds 1' }));
  expect(screen.queryByText('Rule tls')).toBeNull();
});

test('the score says its table, every reason and what nobody knows', async () => {
  const { container } = show({ tab: 'score' });
  const formula = await card('How the score is made');
  expect(within(formula).getByRole('row', { name: /Weaknesses 7 reasons .*40 −40/ })).toBeTruthy();
  expect(within(await card('Weaknesses')).getAllByRole('listitem')).toHaveLength(7);
  expect((await card('What nobody knows, or nothing guards')).textContent).toContain(
    'Category 3 was not tested.',
  );
  expect(await flaws(container)).toEqual([]);
});
