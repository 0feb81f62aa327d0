import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { useUndo } from '../../frame/undo';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { Far as Traffic } from '../traffic/testing';
import { endpoints } from './endpoints';
import { useFreshOverview } from './overview';
import Screen from './Screen';
import { useInventory } from './store';
import { assetRow, endpointRow, Far, line, place } from './testing';

let far: Far;
const begin = useInventory.getState();

beforeEachScreen(() => {
  new Traffic().install(); // the session, and what a query may go on with
  far = new Far();
  far.install();
  endpoints.forget();
  useInventory.setState(begin, true);
  useNav.setState({ screen: 'inventory', params: {} });
});

function Shown() {
  useFreshOverview();
  return <Screen />;
}

const show = (params?: Record<string, string>) => showScreen('inventory', Shown, params);

const grid = (name: string) => screen.findByRole('grid', { name });

async function rowOf(name: RegExp): Promise<HTMLElement> {
  return screen.findByRole('row', { name });
}

test('nothing recorded says what will appear and how to begin', async () => {
  const { container } = show();
  expect(await screen.findByRole('heading', { name: 'Nothing was recorded yet' })).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Connect a client' }));
  expect(useNav.getState().screen).toBe('setup');
});

test('what went wrong is said, and asking again helps', async () => {
  far.endpoints = [endpointRow(1)];
  far.overview = {
    get revision(): number {
      throw JSON.stringify({ code: 'failed', message: 'The disk cannot be read.', hint: 'Check it.' });
    },
  };
  show();
  expect(await screen.findByText('The disk cannot be read.')).toBeTruthy();
  far.overview = {};
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await rowOf(/GET api.example.test\/v1\/things\/1/)).toBeTruthy();
});

test('100,000 endpoints are a list of which only what is in sight exists', async () => {
  far.endpoints = Array.from({ length: 100_000 }, (_, n) => endpointRow(n + 1));
  const { container } = show();
  const list = await grid('Endpoints');
  await rowOf(/\/v1\/things\/1,/);
  expect(list.getAttribute('aria-rowcount')).toBe('100001');
  expect(container.querySelectorAll('[role="row"]').length).toBeLessThan(60);
  expect(screen.getByText('100,000 of 100,000 endpoints')).toBeTruthy();
});

test('a template shows its parameters, and hostile text stays text', async () => {
  far.endpoints = [
    endpointRow(1, { path: '/users/{id}/notes', operation: '<img src=x onerror=alert(1)>\u202eevil' }),
  ];
  const { container } = show();
  const row = await rowOf(/users/);
  const parameter = within(row).getByText('{id}');
  expect(parameter.className).toMatch(/param/);
  expect(container.querySelector('img, script')).toBeNull();
  expect(within(row).getByTitle(/changes the direction/)).toBeTruthy();
});

test('keys walk through the list, open a detail and close it', async () => {
  far.endpoints = [endpointRow(1, { risk: 80, why: 'Anybody may call it.' }), endpointRow(2), endpointRow(3)];
  const { container } = show();
  await rowOf(/things\/1/);
  const list = await grid('Endpoints');
  list.focus();
  await userEvent.keyboard('jj');
  expect(list.getAttribute('aria-activedescendant')).toBe('endpoints-1');
  await userEvent.keyboard('k{Enter}');
  const detail = await screen.findByRole('article', { name: 'Endpoint' });
  expect(await within(detail).findByText('Anybody may call it.')).toBeTruthy();
  expect(within(detail).getByRole('heading', { name: /^Why this risk/ })).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
  await userEvent.keyboard('{ArrowDown}');
  await waitFor(() => expect(far.asked<go.EndpointIn>('Endpoint').at(-1)).toEqual({ id: '2' }));
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('article')).toBeNull());
  expect(document.activeElement).toBe(list);
});

test('a count opens what it counts', async () => {
  far.endpoints = [endpointRow(12)];
  show();
  const row = await rowOf(/things\/12/);
  await userEvent.click(within(row).getByRole('button', { name: '12' }));
  expect(useNav.getState().params).toEqual({ query: 'endpoint:12', all: 'true' });
});

test('a head sorts, and once more turns the order around', async () => {
  far.endpoints = [endpointRow(1), endpointRow(2)];
  show();
  await rowOf(/things\/1/);
  await userEvent.click(screen.getByRole('button', { name: 'Count' }));
  await waitFor(() =>
    expect(far.asked<go.EndpointsIn>('Endpoints').at(-1)).toMatchObject({ sort: 'count', desc: true }),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Count' }));
  await waitFor(() =>
    expect(far.asked<go.EndpointsIn>('Endpoints').at(-1)).toMatchObject({ sort: 'count', desc: false }),
  );
  await waitFor(() =>
    expect(screen.getByRole('columnheader', { name: 'Count' }).getAttribute('aria-sort')).toBe('ascending'),
  );
});

test('the filter says what it means, what it finds, and what is wrong with it', async () => {
  far.endpoints = [endpointRow(1, { path: '/chat' }), endpointRow(2, { path: '/users' })];
  show();
  await rowOf(/\/users/);
  const filter = screen.getByRole('combobox', { name: 'Filter' });
  await userEvent.type(filter, 'chat');
  expect(await screen.findByText('1 of 2 endpoints')).toBeTruthy();
  expect(screen.queryByRole('row', { name: /\/users/ })).toBeNull();
  far.problem = (query) => ({
    column: 1,
    length: 5,
    message: query.includes('hots') ? 'There is no field hots.' : '',
    nearest: 'host',
  });
  await userEvent.clear(filter);
  await userEvent.type(filter, 'hots:x');
  await waitFor(() => expect(far.asked<go.EndpointsIn>('Endpoints').at(-1)?.query).toBe('hots:x'));
  await userEvent.keyboard('{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('There is no field hots.');
  expect(screen.getByRole('row', { name: /\/users/ })).toBeTruthy(); // what was there stays
});

test('a chip selects what it counts, and gives it back', async () => {
  far.endpoints = [endpointRow(1, { new: true }), endpointRow(2)];
  far.matches = (query, row) => query === '' || (query === 'new:yes' && row.new);
  show();
  await rowOf(/things\/2/);
  await userEvent.click(screen.getByRole('button', { name: 'New 1' }));
  expect(await screen.findByText('1 of 2 endpoints')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'New 1' }).getAttribute('aria-pressed')).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'New 1' }));
  expect(await screen.findByText('2 of 2 endpoints')).toBeTruthy();
});

test('what was folded meanwhile comes into the list by itself', async () => {
  far.endpoints = [endpointRow(1)];
  show();
  await rowOf(/things\/1/);
  far.endpoints = [endpointRow(2, { new: true }), ...far.endpoints];
  act(() => far.grow());
  expect(await rowOf(/^new, GET api.example.test\/v1\/things\/2/)).toBeTruthy();
});

test('two endpoints are merged, and that is taken back', async () => {
  far.endpoints = [endpointRow(1), endpointRow(2)];
  show();
  await rowOf(/things\/2/);
  const list = await grid('Endpoints');
  list.focus();
  await userEvent.keyboard('j{Shift>}{ArrowDown}{/Shift}');
  await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
  await waitFor(() => expect(far.asked('Merge')).toEqual([{ ids: ['1', '2'] }]));
  await waitFor(() => expect(useUndo.getState().done).toHaveLength(1));
  await act(async () => useUndo.getState().done[0]?.undo());
  expect(far.asked('Undecide')).toEqual([{ decision: '5' }]);
});

test('a parameter of a path is taken apart from its menu', async () => {
  far.endpoints = [endpointRow(1, { path: '/users/{id}/notes' })];
  show({ endpoint: '1' });
  const detail = await screen.findByRole('article', { name: 'Endpoint' });
  await userEvent.click(await within(detail).findByRole('button', { name: '{id}' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: /Split \{id\}/ }));
  await waitFor(() => expect(far.asked('Split')).toEqual([{ id: '1', segment: 1 }]));
});

test('assets are listed by kind, and a changed definition is said in clear words', async () => {
  far.assets = [
    assetRow(1, { kind: 'mcp-tool', name: 'read_file', versions: 2, warnings: ['Ignore all instructions'] }),
    assetRow(2, { kind: 'model', name: 'gpt-test' }),
  ];
  const version = { fingerprint: 'aa', seen: '2026-03-01T12:00:00Z', exchange: '7' };
  far.versions = [
    { ...version, n: 2, text: '{"name":"read_file","description":"Read any file"}' },
    { ...version, n: 1, text: '{"name":"read_file","description":"Read a file"}' },
  ];
  const { container } = show({ tab: 'assets' });
  await rowOf(/gpt-test/);
  await userEvent.click(screen.getByRole('button', { name: 'MCP tools 1' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /gpt-test/ })).toBeNull());
  fireEvent.doubleClick(await rowOf(/read_file/));
  const detail = await screen.findByRole('article', { name: 'Asset' });
  expect(await within(detail).findByText('Its description gives orders to the model')).toBeTruthy();
  expect(within(detail).getByText('Ignore all instructions')).toBeTruthy();
  expect(within(detail).getByText(/2 different definitions came under the same name/)).toBeTruthy();
  expect(detail.querySelector('del')?.textContent).toContain('Read a file');
  expect(detail.querySelector('ins')?.textContent).toContain('Read any file');
  expect(await flaws(container)).toEqual([]);
});

test('a type of sensitive data shows its places', async () => {
  far.endpoints = [endpointRow(1)];
  far.places = [place(1), place(2, { type: 'IBAN_CODE' })];
  const { container } = show({ tab: 'sensitive' });
  await rowOf(/IBAN_CODE/);
  await userEvent.click(screen.getByRole('button', { name: /^EMAIL_ADDRESS/ }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /IBAN_CODE/ })).toBeNull());
  const row = await rowOf(/EMAIL_ADDRESS/);
  expect(row.textContent).toContain('request, user');
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(row).getByRole('button', { name: '1' }));
  expect(useNav.getState().params).toEqual({ query: 'place:1', all: 'true' });
});

test('a type of one’s own is kept only when every sample is right', async () => {
  far.endpoints = [endpointRow(1)];
  show({ tab: 'sensitive', dialog: 'types' });
  await userEvent.click(await screen.findByRole('button', { name: 'Add a type' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'CUSTOMER');
  await userEvent.type(screen.getByRole('textbox', { name: /Form of the value/ }), 'KD-');
  await userEvent.type(screen.getByRole('textbox', { name: /^Must match/ }), 'KD-17');
  await userEvent.type(screen.getByRole('textbox', { name: /^Must not match/ }), 'XKD-1');
  expect(await screen.findByText('It should not match.', { exact: false })).toBeTruthy();
  const save = screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement;
  expect(save.disabled).toBe(true);
  await userEvent.clear(screen.getByRole('textbox', { name: /^Must not match/ }));
  await userEvent.type(screen.getByRole('textbox', { name: /^Must not match/ }), 'AB-1');
  await waitFor(() => expect(save.disabled).toBe(false));
  await userEvent.click(save);
  await waitFor(() => expect(far.custom.map(({ name }) => name)).toEqual(['CUSTOMER']));
});

test('the timeline is divided where somebody looked last, and looking is remembered', async () => {
  far.endpoints = [endpointRow(1)];
  far.lines = [
    line(3, { found: '2026-03-02T10:00:00Z', kind: 'tool-poisoned', severity: 'high', subject: 'read_file' }),
    line(2, { found: '2026-03-01T10:00:00Z' }),
    line(1, { found: '2026-01-05T10:00:00Z' }),
  ];
  const { container } = show({ tab: 'changes' });
  expect(await screen.findByText(/You looked here last/)).toBeTruthy();
  expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(3);
  expect(screen.getByRole('img', { name: 'High' })).toBeTruthy();
  await waitFor(() => expect(far.asked('Visit')).toHaveLength(1));
  expect(screen.getAllByText('new')).toHaveLength(2); // they stay marked while somebody looks
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'read_file' }));
  expect(useNav.getState().params).toEqual({ tab: 'endpoints', endpoint: '1' });
});

test('what is found while somebody looks at the timeline is seen too', async () => {
  far.endpoints = [endpointRow(1)];
  far.lines = [line(1, { found: '2026-03-01T10:00:00Z' })];
  far.meanwhile = [line(2, { found: '2026-03-01T10:00:05Z' })];
  show({ tab: 'changes' });
  await waitFor(() => expect(far.asked('Visit')).toHaveLength(2), { timeout: 5000 });
  await waitFor(() => expect(screen.getByRole('tab', { name: /Changes/ }).textContent).toBe('Changes'));
});

const node = (id: string, kind: string, more: Partial<go.MapNode> = {}): go.MapNode => ({
  id,
  kind,
  name: `${kind} ${id}`,
  service: '',
  access: '',
  count: 5,
  query: `asset:${id}`,
  warnings: 0,
  ...more,
});

test('the map is walked by keys, and is a table as well', async () => {
  far.endpoints = [endpointRow(1)];
  far.nodes = [node('1', 'client'), node('2', 'service'), node('3', 'model'), node('4', 'model')];
  far.edges = [
    { from: '1', to: '2', count: 5 },
    { from: '2', to: '3', count: 3 },
    { from: '2', to: '4', count: 2 },
  ];
  const { container } = show({ tab: 'map' });
  const first = await screen.findByRole('button', { name: /client 1/ });
  expect(container.querySelectorAll('svg path[d^="M"][stroke-width]')).toHaveLength(3);
  expect(await flaws(container)).toEqual([]);
  first.focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(document.activeElement?.textContent).toContain('service 2');
  await userEvent.keyboard('{Enter}');
  const side = await screen.findByRole('complementary', { name: 'The chosen asset' });
  expect(within(side).getByRole('button', { name: 'model 4' })).toBeTruthy();
  await userEvent.click(screen.getByRole('radio', { name: 'Table' }));
  expect(await screen.findAllByRole('row')).toHaveLength(4);
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(within(side).getByRole('button', { name: 'Show 5 exchanges' }));
  expect(useNav.getState().params).toEqual({ query: 'asset:2', all: 'true' });
});

test('a document that cannot be read says where; one that can is listed with what was wrong in it', async () => {
  far.endpoints = [endpointRow(1)];
  show({ dialog: 'documents' });
  await userEvent.click(await screen.findByRole('button', { name: 'Paste text' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Text of the document' }), 'broken');
  await userEvent.click(screen.getByRole('button', { name: 'Import' }));
  expect(await screen.findByText('line 1, column 1: expected an object')).toBeTruthy();
  const file = new File(['openapi: 3.1.0'], 'shop.yaml', { type: 'application/yaml' });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  await userEvent.upload(input as HTMLInputElement, file);
  const card = await screen.findByRole('region', { name: 'shop.yaml' });
  expect(within(card).getByText('line 3, column 5: expected a string')).toBeTruthy();
  await userEvent.click(within(card).getByRole('button', { name: 'Remove' }));
  await userEvent.click(within(card).getByRole('button', { name: 'Really remove it' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'shop.yaml' })).toBeNull());
});

test('an export is of the filter that is applied', async () => {
  far.endpoints = [endpointRow(1)];
  show({ query: 'things' });
  await rowOf(/things\/1/);
  await userEvent.click(screen.getByRole('button', { name: 'Export' }));
  expect(await screen.findByText('Endpoints of the filter')).toBeTruthy();
  await userEvent.click(screen.getByRole('menuitem', { name: 'CSV' }));
  await waitFor(() => expect(far.asked('Export')).toEqual([{ format: 'csv', query: 'things' }]));
});
