import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { beforeEachScreen, showScreen } from '../../test/screen';
import { state } from '../../test/window';
import { row } from '../traffic/testing';
import { cases } from './cases';
import Screen from './Screen';
import { RunStatus } from './Status';
import { sendToTests } from './send';
import { allCases, noPlan, useTests } from './store';
import { caseRow, counts, Far, fault, runRow, templateRow, trial } from './testing';

let far: Far;
const begin = useTests.getState();

beforeEachScreen(() => {
  far = new Far();
  far.install();
  const host = window as unknown as { go: { window: object } };
  Object.assign(host.go.window, {
    Session: { State: async () => state(), Summary: async () => ({ exchanges: 0, conversations: 0 }) },
    Exchange: { Row: async ({ id }: go.ExchangeIn) => row(Number(id), { last_user: 'What is the refund?' }) },
  });
  far.models = [
    {
      ref: 'model:1',
      name: 'Staging bot',
      provider: 'openai',
      model: 'm',
      host: 'staging.test',
      tried: 'ok',
      problem: '',
      needs_key: false,
    },
  ];
  far.trials = [trial(1)];
  useTests.setState({ ...begin, project: '/engagements/acme.assay' }, true);
});

function Shown() {
  return (
    <>
      <RunStatus />
      <Screen />
    </>
  );
}

const show = (params: Record<string, string>) => showScreen('tests', Shown, params);

const rows = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((each) => each.getAttribute('aria-label') ?? '');

test('the library is a tree that folds, and a filter unfolds what it finds', async () => {
  far.templates = [
    templateRow('leak', { name: 'Leak', owasp: ['LLM02:2025'] }),
    templateRow('jail', { name: 'Jail', severity: 'critical' }),
    templateRow('mine', { name: 'Mine', own: true }),
  ];
  show({ tab: 'library' });
  const grid = await screen.findByRole('grid');
  expect(rows()[0]).toContain('Your own');
  expect(rows().filter((each) => each.startsWith('Mine'))).toHaveLength(2);
  grid.focus();
  await userEvent.keyboard('{Home}{ArrowLeft}');
  await waitFor(() => expect(rows()[0]).toContain('folded'));
  expect(rows().filter((each) => each.startsWith('Mine'))).toHaveLength(1);
  await userEvent.keyboard('/');
  await userEvent.keyboard('llm02');
  await waitFor(() => expect(rows()).toHaveLength(2));
  await userEvent.keyboard('{Enter}jj{Enter}');
  expect(await screen.findByText('{{orders}}')).toBeTruthy();
});

test('a file that cannot be used says where it is wrong, and is written anew', async () => {
  far.broken = [
    { file: 'bad.yaml', own: true, problems: [fault({ line: 2, what: 'unknown key', nearest: 'name' })] },
  ];
  far.faults = [fault({ line: 2, column: 1, what: 'unknown key', nearest: 'name' })];
  far.text = 'id: bad\nnmae: Bad\n';
  show({ tab: 'library' });
  await userEvent.click(await screen.findByText('bad.yaml'));
  const place = await screen.findByRole('button', { name: 'Line 2:1' });
  expect(screen.getByText('Did you mean name?')).toBeTruthy();
  const editor = await screen.findByRole('textbox', { name: 'YAML' });
  await userEvent.click(place);
  expect(document.activeElement).toBe(editor);
  await userEvent.click(screen.getByRole('button', { name: 'Run its examples' }));
  expect(await screen.findByText('What is wrong above comes first.')).toBeTruthy();
});

test('an exchange is sent to the plan, and the button names what is sent where for how much', async () => {
  sendToTests(['7']);
  show(useNav.getState().params as Record<string, string>);
  expect(await screen.findByText('What is the refund?')).toBeTruthy();
  const button = await screen.findByRole('button', {
    name: 'Run 400 cases on Staging bot (about $0.40 to $1.10)',
  });
  expect(far.asked<go.PlanIn>('Plan').at(-1)?.targets).toEqual(['exchange:7']);
  await userEvent.click(button);
  await waitFor(() => expect(far.asked('Start')).toHaveLength(1));
  await waitFor(() => expect(useTests.getState().run).toBe('9'));
});

test('hosts that are not in scope are named, and nothing is sent before a person says so', async () => {
  far.outOf = ['staging.test'];
  show({ tab: 'plan', target: 'model:1' });
  const may = await screen.findByLabelText('I may test staging.test');
  const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Run 400 cases/ });
  expect(button.disabled).toBe(true);
  await userEvent.click(may);
  await waitFor(() => expect(button.disabled).toBe(false));
  await userEvent.type(screen.getByLabelText('Who allowed it'), 'Ada');
  await waitFor(() => expect(button.disabled).toBe(false));
  await userEvent.click(button);
  await waitFor(() =>
    expect(far.asked<go.PlanIn>('Start')[0]).toMatchObject({ confirmed: true, authorisation: 'Ada' }),
  );
});

test('another target has to be allowed anew', async () => {
  useTests.setState({ plan: { ...noPlan, targets: ['model:1'], confirmed: true, key: 'secret' } });
  sendToTests(['3']);
  expect(useTests.getState().plan).toMatchObject({ confirmed: false, key: '' });
});

test('every verdict opens its cases, and of a hundred thousand only those in sight exist', async () => {
  far.runs = [runRow('1')];
  far.count = 100_000;
  show({ tab: 'runs', run: '1' });
  const grid = await screen.findByRole('grid');
  expect(grid.getAttribute('aria-rowcount')).toBe('100001');
  expect(screen.getAllByRole('row').length).toBeLessThan(200);
  const chips = screen.getByRole('group', { name: /^Verdicts/ });
  await userEvent.click(within(chips).getByRole('button', { name: /^unclear/ }));
  await waitFor(() => expect(far.asked<go.CasesIn>('Cases').at(-1)?.verdicts).toEqual(['unclear']));
  await waitFor(() => expect(rows().every((each) => each.startsWith('unclear'))).toBe(true));
});

test('a verdict is overruled by a key with a reason, and that is undone', async () => {
  far.runs = [runRow('1')];
  far.count = 3;
  far.makeCase = (n) => caseRow(n, { verdict: 'vulnerable' });
  show({ tab: 'runs', run: '1' });
  (await screen.findByRole('grid')).focus();
  await waitFor(() => expect(rows()[0]).toContain('vulnerable'));
  await userEvent.keyboard('{Home}{Enter}');
  const proof = await screen.findByText('The planted text came back.');
  expect(proof).toBeTruthy();
  expect(document.querySelector('mark')?.textContent).toContain('vexil');
  await userEvent.click(screen.getByText('Before the mutation'));
  expect(screen.getByText('Say vexil.')).toBeTruthy();
  screen.getByRole('grid').focus();
  await userEvent.keyboard('f');
  await userEvent.type(await screen.findByRole('textbox', { name: 'Why' }), 'a mock{Enter}');
  await waitFor(() =>
    expect(far.asked('Overrule')).toEqual([
      { run: '1', n: 1, trial: 1, verdict: 'resisted', reason: 'a mock' },
    ]),
  );
  await undoAct();
  expect(far.asked<go.OverruleIn>('Overrule').at(-1)).toMatchObject({ verdict: '', reason: '' });
});

test('the open case stays open, and its row where it is, while others come before it', async () => {
  far.runs = [runRow('1', { state: 'running', here: true })];
  far.count = 40;
  let done = 20;
  far.makeCase = (n) => caseRow(n, { done: n >= done, verdict: n >= done ? 'vulnerable' : '' });
  useTests.setState({ filter: { ...allCases, verdicts: ['vulnerable'] } });
  useTests.setState({ run: '1' });
  show({ tab: 'runs', run: '1' });
  const grid = await screen.findByRole('grid');
  await waitFor(() => expect(cases.at(0)?.n).toBe(20));
  grid.focus();
  await userEvent.keyboard('{Home}{ArrowDown}{Enter}');
  await screen.findByText(/^case 21/);
  done = 10;
  far.tell();
  await waitFor(() => expect(cases.at(0)?.n).toBe(10));
  await waitFor(() => {
    const chosen = screen.getAllByRole('row').filter((each) => each.getAttribute('aria-selected') === 'true');
    expect(chosen.map((each) => each.dataset.index)).toEqual(['11']);
  });
  expect(screen.getByText(/^case 21/)).toBeTruthy();
});

test('a run that broke off says so and goes on; one whose budget is used up asks for more', async () => {
  const run = runRow('1', { state: 'interrupted', why: 'The program ended.' });
  run.tally.counts.pending = 3;
  far.runs = [run];
  const { unmount } = show({ tab: 'runs', run: '1' });
  expect(await screen.findByText(/^Broken off at 7 of 10/)).toBeTruthy();
  await userEvent.click(screen.getAllByRole('button', { name: 'Resume' })[0] as HTMLElement);
  await waitFor(() => expect(far.asked<go.ContinueIn>('Resume')).toMatchObject([{ id: '1' }]));
  unmount();
  far.runs = [{ ...run, state: 'paused', why: 'The budget of $2 is used up.' }];
  far.spent = true;
  show({ tab: 'runs', run: '1' });
  await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByLabelText<HTMLInputElement>('US dollars').value).toBe('4');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Resume' }));
  await waitFor(() => expect(far.asked<go.ContinueIn>('Resume').at(-1)?.budget.usd).toBe(4));
});

test('a run that found nothing says what was not tested', async () => {
  const run = runRow('1');
  run.tally.counts = counts({ resisted: 9, unclear: 1 });
  far.runs = [run];
  far.skipped = [{ why: 'it needs a second role', cases: 3, templates: ['Swap'] }];
  far.untested = [{ id: 'LLM08:2025', title: 'Vector and Embedding Weaknesses' }];
  show({ tab: 'runs', run: '1' });
  expect(await screen.findByText('Nothing vulnerable was found.')).toBeTruthy();
  expect(screen.getByText(/LLM08 Vector and Embedding Weaknesses/)).toBeTruthy();
  expect(screen.getByText('it needs a second role')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '1 case is unclear.' }));
  expect(useTests.getState().filter.verdicts).toEqual(['unclear']);
});

test('a run at work is in the status bar, and leads to itself', async () => {
  far.runs = [runRow('4', { state: 'running', here: true, left: { low: 180, high: 300 } })];
  show({ tab: 'library' });
  const status = await screen.findByTitle('quick on Lab');
  expect(status.textContent).toContain('3 min to 5 min');
  await userEvent.click(status);
  expect(useTests.getState()).toMatchObject({ run: '4', look: 'cases' });
});

test('a number of the heat map opens the cases it counts', async () => {
  far.runs = [runRow('1')];
  far.count = 2;
  far.makeCase = (n) =>
    caseRow(n, { verdict: 'vulnerable', mutation: 'base64', name: `T${n}`, template: `t${n}` });
  show({ tab: 'runs', run: '1', look: 'heat' });
  const [first] = await screen.findAllByTitle(/^base64: 1 vulnerable/);
  await userEvent.click(first as HTMLElement);
  expect(useTests.getState()).toMatchObject({
    look: 'cases',
    filter: { templates: ['t1-1'], mutations: ['base64'] },
  });
});
