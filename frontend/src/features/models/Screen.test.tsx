import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { Far as Traffic } from '../traffic/testing';
import Screen from './Screen';
import { useModelsScreen } from './store';
import { Far, modelResult, modelRow, roleRow } from './testing';

let far: Far;
const begin = useModelsScreen.getState();

beforeEachScreen(() => {
  new Traffic().install(); // the session
  far = new Far();
  far.install();
  useModelsScreen.setState(begin, true);
});

const show = (params?: Record<string, string>) => showScreen('models', Screen, params);

const row = (name: RegExp) => screen.findByRole('row', { name });
const sent = (method: string) => far.calls.filter((call) => call.method === method).map(({ input }) => input);

test('no models says how to begin, and every way to import can be reached', async () => {
  const { container } = show();
  expect(await screen.findByRole('heading', { name: 'No models yet' })).toBeTruthy();
  await userEvent.click(screen.getAllByRole('button', { name: 'Add model' })[0] as HTMLElement);
  for (const way of [/^A provider/, /^Your own/, /^A request/, /^On this computer/, /^Seen in traffic/]) {
    await userEvent.click(screen.getByRole('button', { name: way }));
    expect(await screen.findByRole('heading', { level: 2, name: way })).toBeTruthy();
    expect(await flaws(container), String(way)).toEqual([]);
  }
});

test('an import sends what was said, shows the answer as chat, and forgets the key', async () => {
  show({ add: 'provider' });
  await userEvent.click(await screen.findByLabelText('OpenAI'));
  await userEvent.type(screen.getByLabelText('Key'), 'sk-typed');
  await userEvent.click(screen.getByRole('button', { name: 'Ask api.openai.com and import' }));
  expect(await screen.findByText('Model 1 answered and was imported')).toBeTruthy();
  expect(screen.getByText('The capital of France is Paris.')).toBeTruthy();
  expect(screen.getByText('14 tokens in, 8 out')).toBeTruthy();
  expect(sent('Add')[0]).toMatchObject({
    provider: 'openai',
    model: 'small-model',
    key: 'sk-typed',
    keep: false,
    from: '',
  });
  expect((screen.getByLabelText('Key') as HTMLInputElement).value).toBe('');
  expect(document.documentElement.outerHTML).not.toContain('sk-typed');
});

test('a failing import says cause and fix, and its answer can be pointed out', async () => {
  far.result = modelResult({
    id: '',
    status: 'failed',
    code: 'no-answer',
    error: 'Nothing in it looks like an answer',
    fix: 'Click the text that is the answer',
    cause: 'none',
    candidates: [{ pointer: '/data/out', text: 'Paris' }],
  });
  const { container } = show({ add: 'custom' });
  await userEvent.type(await screen.findByLabelText(/^Address/), 'https://bot.example/chat');
  await userEvent.click(screen.getByRole('button', { name: 'Ask bot.example and import' }));
  const alert = await screen.findByRole('alert');
  expect(within(alert).getByText('Nothing in it looks like an answer')).toBeTruthy();
  expect(within(alert).getByText('Click the text that is the answer')).toBeTruthy();
  expect(within(alert).getByText('Nothing was kept.')).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  far.result = modelResult();
  await userEvent.click(screen.getByRole('button', { name: /\/data\/out/ }));
  expect(await screen.findByText('Model 1 answered and was imported')).toBeTruthy();
  expect(sent('Add').map((form) => (form as go.ModelForm).answer)).toEqual(['', '/data/out']);
});

test('of a file with several requests the one with a prompt is taken, or another that is chosen', async () => {
  const request = (n: number, more: Partial<go.ModelTextRequest>): go.ModelTextRequest => ({
    n,
    method: 'POST',
    url: `https://bot.example/${n}`,
    prompt: '',
    kind: 'plain',
    provider: '',
    model: '',
    fits: false,
    ...more,
  });
  far.found = [
    request(1, {}),
    request(2, { fits: true, prompt: 'hello' }),
    request(3, { fits: true, kind: 'llm' }),
  ];
  show({ add: 'request' });
  await userEvent.click(await screen.findByLabelText('Request'));
  await userEvent.paste('{"log":{}}');
  const third = await screen.findByRole('radio', { name: /bot.example\/3/ });
  await waitFor(() => expect((third as HTMLInputElement).checked).toBe(true));
  await userEvent.click(screen.getByRole('radio', { name: /bot.example\/2/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Ask bot.example and import' }));
  await screen.findByText('Model 1 answered and was imported');
  expect(sent('Add')[0]).toMatchObject({ from: 'text', form: 'har', nth: 2, text: '{"log":{}}' });
});

test('a discovered model is imported with three clicks', async () => {
  far.models = [
    modelRow('asset:4', {
      state: 'discovered',
      from: 'asset:4',
      status: '',
      name: 'gpt-4o',
      asset: '4',
      tried: '',
    }),
  ];
  show();
  await userEvent.click(await row(/^Discovered, gpt-4o/));
  await userEvent.click(await screen.findByLabelText('Send the recorded key to api.example.test'));
  await userEvent.click(screen.getByRole('button', { name: 'Ask api.example.test and import' }));
  await row(/^Imported, gpt-4o/);
  expect(sent('Add')).toHaveLength(1);
  expect(sent('Add')[0]).toMatchObject({ from: 'asset:4', recorded: true, key: '', name: 'gpt-4o' });
});

test('a model is removed and comes back, is tested, and its key is asked for again', async () => {
  far.models = [modelRow('1'), modelRow('2', { worst: 'critical', findings: 2, state: 'tested', runs: 1 })];
  const { container } = show({ model: '1' });
  const detail = await screen.findByRole('article', { name: 'Model' });
  expect(await within(detail).findByText(/It was not kept. Paste it again/)).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(detail).getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Model 1/ })).toBeNull());
  await undoAct();
  await row(/Model 1/);
  await userEvent.click(await row(/Tested, Model 2,.*worst finding Critical, 2 open/));
  await userEvent.click(await screen.findByRole('button', { name: 'Test it' }));
  expect(useNav.getState()).toMatchObject({ screen: 'tests', params: { target: 'model:2' } });
});

test('roles are added, changed and removed, and hold no secrets', async () => {
  far.roles = [roleRow('customer-a', { holds: ['order-17'] })];
  const { container } = show({ tab: 'roles' });
  await screen.findByText('customer-a');
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
  const name = await screen.findByLabelText(/^Name/);
  await userEvent.clear(name);
  await userEvent.type(name, 'customer-b');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('customer-b');
  expect(sent('SetRole')[0]).toMatchObject({
    was: 'customer-a',
    role: { name: 'customer-b', holds: ['order-17'] },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  await screen.findByRole('heading', { name: 'No test roles yet' });
  await undoAct();
  await screen.findByText('customer-b');
});
