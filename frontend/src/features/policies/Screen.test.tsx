import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { useSessionPulse } from '../../frame/session';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { Surroundings } from '../../test/window';
import { Far as Traffic } from '../traffic/testing';
import { Approvals } from './Approvals';
import { GuardPill } from './GuardPill';
import Screen from './Screen';
import { usePoliciesScreen } from './store';
import { approvalRow, Far, outletRow, policyForm, policyRow, rulingRow } from './testing';

let far: Far;
let traffic: Traffic;
const begin = usePoliciesScreen.getState();

beforeEachScreen(() => {
  traffic = new Traffic(); // the session, and suggestions for filters
  traffic.install();
  far = new Far();
  far.install();
  usePoliciesScreen.setState(begin, true);
});

// What the frame does for every screen.
function Fresh() {
  useSessionPulse();
  return null;
}

const show = (params?: Record<string, string>) => showScreen('policies', Screen, params);
const row = (name: RegExp) => screen.findByRole('row', { name });

test('no policies lead to the presets, which are looked at, added switched off, and taken back', async () => {
  far.presets = [
    {
      name: 'Secrets',
      have: 0,
      items: [
        policyRow('', { name: 'Secrets do not leave' }),
        policyRow('', { name: 'Secrets are not answered' }),
      ],
    },
  ];
  const { container } = show();
  await screen.findByRole('heading', { name: 'No policies yet' });
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Look at the presets' }));
  await screen.findByText('Secrets are not answered');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Add Secrets' }));
  await row(/^Off, Secrets do not leave, Redacts/);
  await undoAct();
  await screen.findByRole('heading', { name: 'No policies yet' });
});

test('enforcing asks once and says which policies act; monitoring does not', async () => {
  far.policies = [policyRow('1', { on: true }), policyRow('2')];
  show();
  await row(/^On, Policy 1/);
  await userEvent.click(screen.getByRole('radio', { name: 'Monitor' }));
  await waitFor(() => expect(far.asked('SetMode')).toEqual([{ mode: 'monitor' }]));
  await userEvent.click(screen.getByRole('radio', { name: 'Enforce' }));
  const dialog = await screen.findByRole('dialog', { name: 'Enforce policies?' });
  await within(dialog).findByText('Policy 1');
  expect(within(dialog).queryByText('Policy 2')).toBeNull();
  expect(far.asked('SetMode')).toHaveLength(1);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Enforce' }));
  await waitFor(() => expect(far.asked('SetMode')).toEqual([{ mode: 'monitor' }, { mode: 'enforce' }]));
});

test('a policy is switched in its row, removed, and comes back', async () => {
  far.policies = [policyRow('1', {}, { rulings: 3, done: 1, last: '2026-03-01T12:00:00.000Z' })];
  const { container } = show();
  const first = await row(/^Off, Policy 1, .*ruled 3 times/);
  await userEvent.click(within(first).getByRole('switch'));
  await row(/^On, Policy 1/);
  await userEvent.click(await row(/Policy 1/));
  const editor = await screen.findByRole('article', { name: 'Policy' });
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(editor).getByRole('button', { name: 'Remove' }));
  await screen.findByRole('heading', { name: 'No policies yet' });
  await undoAct();
  await row(/Policy 1/);
});

test('what is wrong with a policy stands at its field until it is changed', async () => {
  show({ policy: 'new' });
  far.faults = [
    { field: 'budget', message: 'A policy that throttles needs a budget' },
    { field: 'where', message: 'there is no field hst' },
    { field: '', message: 'It contradicts itself' },
  ];
  await userEvent.type(await screen.findByLabelText(/^Name/), 'Not so fast');
  await userEvent.click(screen.getByRole('button', { name: 'Add, switched off' }));
  const budget = screen.getByLabelText('More than');
  await waitFor(() => expect(budget.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('there is no field hst')).toBeTruthy();
  expect(screen.getByText('It contradicts itself')).toBeTruthy();
  expect(far.policies).toHaveLength(0);
  await userEvent.type(budget, '5 requests/1m');
  expect(budget.getAttribute('aria-invalid')).not.toBe('true');
  far.faults = [];
  await userEvent.click(screen.getByRole('button', { name: 'Add, switched off' }));
  await row(/^Off, Not so fast/);
  expect(far.asked<go.PolicyForm>('Save').at(-1)).toMatchObject({
    name: 'Not so fast',
    budget: '5 requests/1m',
  });
});

test('a policy that is not kept yet is asked what it would have done, and its rulings lead to Traffic', async () => {
  far.rulings = [rulingRow(7), rulingRow(9)];
  const { container } = show({ policy: 'new' });
  await userEvent.type(await screen.findByLabelText(/^Name/), 'Draft');
  await userEvent.click(screen.getByRole('button', { name: 'What would it have done?' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Ask' }));
  await screen.findByText(/Looked at 40 exchanges: 2 touched, 2 rulings. Nothing was changed./);
  expect(far.asked<go.PreviewIn>('Preview')[0]?.asked.drafts[0]?.name).toBe('Draft');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(await row(/Exchange 9,/)).getByRole('button', { name: 'Exchange 9' }));
  expect(useNav.getState()).toMatchObject({ screen: 'traffic', params: { id: '9' } });
});

test('a text that is checked shows what decided, marked in it', async () => {
  const sign = {
    kind: 'secret',
    name: 'openai-api-key',
    where: 'message:0',
    score: 0.9,
    why: 'It looks like a key.',
    start: 7,
    end: 13,
  };
  far.checked = { policies: 2, action: 'redact', items: [rulingRow(1, { signs: [sign] })] };
  const { container } = show({ tab: 'check' });
  await userEvent.type(await screen.findByLabelText('Text'), 'my key sk-123 is here');
  await userEvent.click(screen.getByRole('button', { name: 'Check' }));
  await screen.findByText(/1 of 2 policies matches/);
  expect(container.querySelector('mark')?.textContent).toBe('sk-123');
  expect(far.asked<go.PolicyCheckIn>('CheckText')[0]).toMatchObject({
    role: 'user',
    text: 'my key sk-123 is here',
  });
  expect(await flaws(container)).toEqual([]);
});

test('of very many rulings the page in sight is asked for, and they are filtered by action', async () => {
  far.rulings = Array.from({ length: 5000 }, (_, n) =>
    rulingRow(n + 1, { action: n % 2 ? 'block' : 'monitor', answer: n === 1 ? 'no' : '' }),
  );
  const { container } = show({ tab: 'rulings' });
  await screen.findByText('5,000 of 5,000');
  expect(screen.getAllByRole('row').length).toBeLessThan(80);
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Blocks' }));
  await screen.findByText('2,500 of 5,000');
  await screen.findByText('You stopped it');
});

test('what waits is answered by keys only where a person asked for it', async () => {
  traffic.guard = { mode: 'enforce', at_work: true, policies: 1, waiting: 2 };
  far.waiting = [approvalRow('1'), approvalRow('2', { passes: true })];
  const { container } = render(
    <Surroundings>
      <GuardPill />
      <input aria-label="elsewhere" />
      <Approvals />
    </Surroundings>,
  );
  const box = await screen.findByRole('dialog', { name: 'Policies ask you, 2 times' });
  screen.getByLabelText('elsewhere').focus();
  expect(document.activeElement).toBe(screen.getByLabelText('elsewhere'));
  await userEvent.keyboard('yn');
  expect(far.asked('Answer')).toEqual([]);
  expect((screen.getByLabelText('elsewhere') as HTMLInputElement).value).toBe('yn');
  within(box).getByText(/Is stopped by itself in 4\d seconds/);
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: '2 wait for you' }));
  expect(document.activeElement).toBe(box);
  await userEvent.keyboard('y');
  await waitFor(() => expect(far.asked('Answer')).toEqual([{ id: '1', yes: true }]));
  await within(box).findByText(/Passes by itself/);
  await userEvent.keyboard('n');
  await waitFor(() => expect(far.asked('Answer')).toHaveLength(2));
  expect(far.asked('Answer')[1]).toEqual({ id: '2', yes: false });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('what no longer waits is gone by itself, and is not shown again', async () => {
  traffic.guard = { mode: 'enforce', at_work: true, policies: 1, waiting: 1 };
  far.waiting = [approvalRow('1')];
  render(
    <Surroundings>
      <Fresh />
      <Approvals />
    </Surroundings>,
  );
  await screen.findByRole('dialog');
  traffic.guard = { ...traffic.guard, waiting: 0 };
  far.waiting = [];
  far.tell();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  traffic.guard = { ...traffic.guard, waiting: 1 };
  far.waiting = [approvalRow('2', { policy: 'Another one' })];
  far.tell();
  const box = await screen.findByRole('dialog');
  expect(within(box).queryByText('Ask before tools run')).toBeNull();
  await within(box).findByText('Another one');
});

test('nothing is sent anywhere unless an outlet is named; a trial that fails says why', async () => {
  const { container } = show({ tab: 'outlets' });
  await screen.findByText('There are no outlets: nothing is sent anywhere.');
  await userEvent.click(screen.getByRole('button', { name: 'Name an outlet' }));
  await userEvent.type(await screen.findByLabelText(/^Where to/), 'https://siem.example.test/hook');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Send a trial' }));
  await screen.findByText(/The trial did not arrive:/);
  expect(far.asked<go.OutletForm>('AddOutlet')[0]).toMatchObject({ kind: 'webhook', only: true });
});

test('what is only read can be looked at and not changed', async () => {
  traffic.readOnly = true;
  far.policies = [policyRow('1')];
  far.outlets = [outletRow('1')];
  show();
  await userEvent.click(await row(/Policy 1/));
  const editor = await screen.findByRole('article', { name: 'Policy' });
  for (const name of ['Save', 'Remove']) {
    expect(within(editor).getByRole('button', { name }).hasAttribute('disabled'), name).toBe(true);
  }
  expect(screen.getByRole('button', { name: 'New policy' }).hasAttribute('disabled')).toBe(true);
  expect(policyForm().on).toBe(false);
});
