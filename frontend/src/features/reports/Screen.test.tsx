import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { undoAct } from '../../frame/notify';
import { beforeEachScreen, flaws, showScreen } from '../../test/screen';
import { Far as Traffic } from '../traffic/testing';
import Screen from './Screen';
import { useReports } from './store';
import { Far, hiddenKind, reportForm, reportMade } from './testing';

let far: Far;
const begin = useReports.getState();

beforeEachScreen(() => {
  new Traffic().install(); // the session
  far = new Far();
  far.install();
  useReports.setState(begin, true);
});

// The pages of previews come as bytes.
let page = '<h1>The report</h1>';
beforeEach(() => {
  page = '<h1>The report</h1>';
  vi.stubGlobal('fetch', async () => new Response(page));
});
afterEach(() => vi.unstubAllGlobals());

const show = (params?: Record<string, string>) => showScreen('reports', Screen, params);
const frame = () => screen.findByTitle('Preview of the report Acme');
const lists = (kinds: go.HiddenKind[]) => {
  far.hidden = kinds;
};

test('of an empty project there is nothing to report, and the ways on are said', async () => {
  Object.assign(far, { findings: 0, exchanges: 0, models: 0, runs: [] });
  const { container } = show();
  await screen.findByRole('heading', { name: 'There is nothing to report yet' });
  expect(await flaws(container)).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Import a model' }));
  expect(useNav.getState().screen).toBe('models');
  expect(far.asked('Preview')).toEqual([]);
});

test('the page of the report stands in a frame that runs nothing, as the bytes that came', async () => {
  page = '<!doctype html><script>parent.ran = 1</script><p>jane';
  const { container } = show();
  const shown = await frame();
  expect(shown.getAttribute('sandbox')).toBe('');
  expect(shown.getAttribute('srcdoc')).toBe(page);
  expect(container.textContent).not.toContain('jane');
  expect(far.asked('Preview')).toEqual([reportForm()]);
});

test('what is chosen is gathered and kept a moment later, once for what is typed together', async () => {
  show();
  await frame();
  await userEvent.type(screen.getByLabelText('Title'), 'Portal');
  await userEvent.click(screen.getByRole('radio', { name: /^Executive/ }));
  await waitFor(
    () =>
      expect(far.asked<go.ReportForm>('Preview').at(-1)).toMatchObject({
        title: 'Portal',
        audience: 'executive',
      }),
    { timeout: 3000 },
  );
  expect(far.asked('Preview').length).toBeLessThan(5);
  await waitFor(() => expect(far.form).toMatchObject({ title: 'Portal', audience: 'executive' }));
});

test('the page before stays until the next one is there', async () => {
  show();
  const before = await frame();
  fireEvent.load(before);
  page = '<h1>Another</h1>';
  let least = 1;
  const pages = () => [...document.querySelectorAll('iframe')];
  const watch = new MutationObserver(() => {
    least = Math.min(least, pages().length);
  });
  watch.observe(document.body, { childList: true, subtree: true });
  await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await waitFor(() => expect(pages().at(-1)?.srcdoc).toBe(page));
  const next = pages().at(-1) as HTMLElement;
  if (!next.dataset.ready) fireEvent.load(next);
  await waitFor(() => expect(pages()).toEqual([next]));
  watch.disconnect();
  expect(least).toBe(1);
});

test('a link in the page leads nowhere: the page comes back', async () => {
  show();
  const before = await frame();
  fireEvent.load(before);
  fireEvent.load(before); // where the link led is refused, and that is loaded, too
  await waitFor(() => expect(screen.getByTitle(/^Preview of the report/)).not.toBe(before));
  expect(screen.getByTitle(/^Preview of the report/).getAttribute('srcdoc')).toBe(page);
});

test('without a preview it is said why, and nothing can be exported', async () => {
  far.fault = JSON.stringify({
    code: 'not-found',
    message: 'There is no run to compare',
    hint: 'Run a test',
  });
  show();
  await screen.findByText('There is no run to compare');
  expect(screen.getByRole('button', { name: 'Download PDF' }).hasAttribute('disabled')).toBe(true);
  far.fault = null;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await frame();
});

test('what is hidden is counted by type; a value is fetched when somebody looks, and covered again', async () => {
  lists([
    hiddenKind('API key', 'API keys', 3, { class: 'secret' }),
    hiddenKind('card number', 'card numbers', 1),
  ]);
  const { container } = show();
  await userEvent.click(
    await screen.findByRole('button', { name: '4 values hidden: 3 API keys, 1 card number' }),
  );
  await screen.findByRole('heading', { name: /^3 API keys/ });
  expect(await flaws(container)).toEqual([]);
  expect(far.asked('Look')).toEqual([]);
  expect(container.textContent).not.toContain(far.value);
  await userEvent.click(screen.getByRole('button', { name: 'Look at ⟨card number 1⟩' }));
  await screen.findByText(far.value);
  expect(far.asked('Look')).toEqual([{ preview: '1', placeholder: '⟨card number 1⟩' }]);
  await userEvent.click(screen.getByRole('button', { name: 'Cover ⟨card number 1⟩ again' }));
  expect(screen.queryByText(far.value)).toBeNull();
});

test('a value is shown in the report only after it was asked, is marked, and hidden again by undo', async () => {
  lists([hiddenKind('e-mail', 'e-mails', 2)]);
  show({ tab: 'hidden' });
  await userEvent.click(await screen.findByRole('button', { name: 'Show ⟨e-mail 2⟩ in the report' }));
  const dialog = await screen.findByRole('dialog', { name: 'Show ⟨e-mail 2⟩ in the report?' });
  expect(within(dialog).getByText(/It stands in it 2 times/)).toBeTruthy();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Keep it hidden' }));
  expect(far.asked('Show')).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Show ⟨e-mail 2⟩ in the report' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show it' }));
  await screen.findByText('shown in the report');
  await screen.findByText('1 value is shown in it');
  await undoAct();
  await waitFor(() => expect(screen.queryByText('shown in the report')).toBeNull());
  expect(far.asked<go.ShowHiddenIn>('Show').map(({ on }) => on)).toEqual([true, false]);
});

test('a report is exported in the format that is chosen, and says its hash', async () => {
  show();
  await frame();
  await userEvent.keyboard('{Control>}e{/Control}');
  expect(far.asked('Export')).toEqual([]); // not from elsewhere
  await userEvent.click(screen.getByLabelText('Title'));
  await userEvent.keyboard('{Control>}e{/Control}');
  await screen.findByText('acme-technical.pdf');
  await userEvent.click(screen.getByRole('button', { name: 'Share bundle' }));
  await screen.findByText('acme-technical.bundle');
  expect(far.asked<go.ReportExportIn>('Export').map(({ format }) => format)).toEqual(['pdf', 'bundle']);
  await userEvent.click(screen.getByRole('button', { name: 'Open' }));
  expect(far.asked('Open')).toEqual([{ sha256: reportMade().sha256 }]);
  await userEvent.click(screen.getByRole('tab', { name: /^Made/ }));
  expect(await screen.findAllByText('acme-technical.pdf')).toHaveLength(1);
});

test('what keeps a report from being written is said; one that is too large offers fewer proofs', async () => {
  far.exportFault = JSON.stringify({ code: 'failed', message: 'The disk is full', hint: 'Make room' });
  show();
  await frame();
  await userEvent.click(screen.getByRole('button', { name: 'Download PDF' }));
  await screen.findByText('The disk is full');
  far.exportFault = JSON.stringify({
    code: 'too-large',
    message: 'The report is larger than 50 MB',
    hint: '',
  });
  await userEvent.click(screen.getByRole('button', { name: 'Download PDF' }));
  await userEvent.click(await screen.findByRole('button', { name: 'One proof of each finding' }));
  await waitFor(() => expect(far.asked<go.ReportForm>('Preview').at(-1)?.evidence).toBe(1), {
    timeout: 3000,
  });
});

test('a link from elsewhere says of what; what else was chosen stays', async () => {
  far.form = reportForm({ client: 'Acme Ltd' });
  show({ findings: '3,5', audience: 'technical' });
  await screen.findByRole('button', { name: /Only 2 chosen findings/ });
  await waitFor(() =>
    expect(far.asked<go.ReportForm>('Preview').at(-1)).toMatchObject({
      findings: ['3', '5'],
      client: 'Acme Ltd',
    }),
  );
});

test('a retest without two runs says so before it fails', async () => {
  far.runs = far.runs.slice(1);
  show({ audience: 'retest' });
  await screen.findByText(/There are not two of them yet/);
  expect(screen.getAllByLabelText('Compared with').length).toBeGreaterThan(0);
});

test('reports that were made are listed with what was shown in them; text of a file stays text', async () => {
  far.made = [
    reportMade({ shown: ['⟨key 1⟩'], sha256: 'c0de'.repeat(16) }),
    reportMade({ file: '<img src=x onerror=alert(1)>.pdf' }),
  ];
  const { container } = show({ tab: 'made' });
  await screen.findByText('<img src=x onerror=alert(1)>.pdf');
  expect(container.querySelector('img')).toBeNull();
  expect(screen.getByText('1 value shown')).toBeTruthy();
  expect(await flaws(container)).toEqual([]);
});

test('a project that can only be read keeps nothing, and says so', async () => {
  far.writable = false;
  show();
  await screen.findByText(/what you choose here is not kept/);
  await frame();
  await userEvent.type(screen.getByLabelText('Client'), 'A');
  await waitFor(() => expect(far.asked<go.ReportForm>('Preview').at(-1)?.client).toBe('A'), {
    timeout: 3000,
  });
  expect(far.asked('Keep')).toEqual([]);
});

test('a logo that is no small picture is refused here; one that is stands on the cover and comes back', async () => {
  show();
  await frame();
  const field = document.querySelector('input[type=file]') as HTMLInputElement;
  await userEvent.upload(field, new File([new Uint8Array((1 << 20) + 1)], 'big.png', { type: 'image/png' }));
  await screen.findByText('This picture is larger than 1 MB.');
  await userEvent.upload(field, new File(['png'], 'logo.png', { type: 'image/png' }));
  await screen.findByAltText('The logo');
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(screen.queryByAltText('The logo')).toBeNull());
  await undoAct();
  await screen.findByAltText('The logo');
});
