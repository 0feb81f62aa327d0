import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useNav } from '../../frame/nav';
import Screen from './Screen';
import { Far } from './testing';

let far: Far;

beforeEach(() => {
  far = new Far();
  far.install();
  useNav.setState({ screen: 'setup', params: {}, past: [] });
});
afterEach(() => vi.unstubAllGlobals());

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  return render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Screen />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

async function tile(name: string) {
  return within(await screen.findByRole('region', { name }));
}

test('it waits for traffic, and leads on once there is some', async () => {
  show();
  await screen.findByText('Waiting for traffic on 127.0.0.1:8080…');
  far.status.seen = 3;
  far.status.clients = [
    { client: 'chromium', requests: 3, read: 2, refused: 0, last: '2026-03-01T12:00:00Z' },
  ];
  far.pulse();
  await screen.findByText('3 exchanges seen', {}, { timeout: 3000 });
  expect((await tile('Seen so far')).getByText('trusted')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Go to Traffic' }));
  expect(useNav.getState().screen).toBe('traffic');
});

test('one click plays the sample project, another sends a demo conversation', async () => {
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Send a demo conversation' }));
  await userEvent.click(screen.getByRole('button', { name: 'Play the sample project' }));
  await waitFor(() => expect(useNav.getState().screen).toBe('traffic'));
  expect(far.asked('Setup.Demo')).toHaveLength(1);
  expect(far.asked('Setup.PlaySample')).toHaveLength(1);
});

test('a browser opens by its name, on the page that was typed', async () => {
  show();
  const browser = await tile('Browser');
  await userEvent.type(browser.getByLabelText('First page'), 'https://example.test/');
  await userEvent.click(browser.getByRole('button', { name: 'Open Chromium' }));
  expect(far.asked('Setup.OpenBrowser')).toEqual([
    { name: 'chromium', path: '', page: 'https://example.test/' },
  ]);
});

test('without a terminal program the lines to paste are shown, for each shell', async () => {
  show();
  const terminal = await tile('Terminal');
  await terminal.findByText(/# sh/);
  await userEvent.click(terminal.getByText('fish'));
  await terminal.findByText(/# fish/);
});

test('other machines are let in only by somebody who says that they know what it means', async () => {
  show();
  await userEvent.click(
    (await tile('Phone or other machine')).getByRole('button', { name: 'Let other machines in' }),
  );
  const dialog = within(await screen.findByRole('dialog'));
  const go = dialog.getByRole<HTMLButtonElement>('button', { name: 'Let other machines in' });
  expect(go.disabled).toBe(true);
  expect(far.asked('Setup.Remote')).toEqual([]);
  await userEvent.click(dialog.getByRole('checkbox'));
  await userEvent.click(go);
  await waitFor(() => expect(far.asked('Setup.Remote')).toEqual([{ allow: true, confirmed: true }]));
});

test('a taken port names who has it, and offers a free one', async () => {
  far.status.listen = '';
  far.status.port = { taken: true, port: 8080, name: 'java', pid: 1412, free: '127.0.0.1:8081' };
  show();
  await screen.findByText('8080 is used by java (process 1412).');
  await userEvent.click(screen.getByRole('button', { name: 'Use 8081' }));
  expect(far.asked('Session.StartCapture')).toEqual([{ listen: '127.0.0.1:8081' }]);
});

test('a proxy of the company is used when the person says so', async () => {
  far.status.upstream = { found: true, url: 'http://proxy.corp.example:3128', source: 'GNOME', used: false };
  show();
  await screen.findByText(/GNOME names http:\/\/proxy\.corp\.example:3128/);
  await userEvent.click(screen.getByRole('button', { name: 'Use it' }));
  expect(far.asked('Setup.Upstream')).toEqual([{ use: true }]);
});

test('a refused certificate names host and client; the host may pass, and come back', async () => {
  far.status.refusals = [{ host: 'push\u202e.example', client: 'app', count: 2, reason: '', last: '' }];
  far.status.passed = ['old.example'];
  show();
  await screen.findByText('refused by app, 2 times');
  expect(document.body.textContent).not.toContain('\u202e');
  await userEvent.click(screen.getByRole('button', { name: 'Pass this host through' }));
  expect(far.asked('Actions.PassThrough')).toEqual([{ host: 'push\u202e.example' }]);
  await userEvent.click(screen.getByRole('button', { name: 'Decrypt again' }));
  expect(far.asked('Actions.Decrypt')).toEqual([{ host: 'old.example' }]);
});

test('a dropped file is sent, and what came of it is said', async () => {
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    sent.push(path);
    return new Response(
      JSON.stringify({
        format: 'har',
        exchanges: 60,
        left_out: 2,
        why: 'entry 3 is cut',
        query: 'source:import id:1..60',
      }),
    );
  });
  const { container } = show();
  await tile('Import a file');
  const input = container.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error('no way to choose a file');
  await userEvent.upload(input, new File(['{}'], 'my traffic.har'));
  await screen.findByText('60 exchanges imported');
  expect(sent).toEqual(['/import?name=my+traffic.har&format=auto']);
  expect(screen.getByText(/2 entries could not be read, the first because:/).textContent).toContain(
    'entry 3 is cut',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Show them' }));
  expect(useNav.getState().params).toEqual({ query: 'source:import id:1..60', all: 'true' });
});

test('nothing is run on this computer before its commands were shown', async () => {
  show();
  const certificate = await tile('Certificate');
  await userEvent.click(await certificate.findByRole('button', { name: 'Trust on this computer…' }));
  certificate.getByText('sudo install ca.pem');
  expect(far.asked('Certificate.Trust')).toEqual([]);
  await userEvent.click(certificate.getByRole('button', { name: 'Run these commands' }));
  await certificate.findByText('administrator rights are needed');
  expect(far.asked('Certificate.Trust')).toEqual([{ trust: true }]);
});

test('a section that is asked for gets the focus', async () => {
  useNav.setState({ screen: 'setup', params: { section: 'import' } });
  show();
  const region = await screen.findByRole('region', { name: 'Import a file' });
  await waitFor(() => expect(document.activeElement).toBe(region));
});

test('it is accessible', async () => {
  far.status.refusals = [{ host: 'push.example', client: '', count: 1, reason: '', last: '' }];
  far.status.started = [
    {
      id: '1',
      kind: 'browser',
      name: 'chromium',
      at: '',
      ended: false,
      problem: '',
      counted: true,
      requests: 2,
      read: 1,
      refused: 0,
    },
  ];
  far.status.target = { on: true, url: 'http://127.0.0.1:4000/', example: 'curl' };
  const { container } = show();
  await (await tile('Certificate')).findByText('AA:BB');
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
