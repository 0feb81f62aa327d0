import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { go } from '../../api';
import '../../frame/commands';
import { useKeys } from '../../commands/bindings';
import { useNav } from '../../frame/nav';
import { answers } from '../../gallery/answers';
import { install, Surroundings, state } from '../../test/window';
import { useAppearance } from '../../theme/appearance';
import Screen from './Screen';
import { syncSettings } from './sync';

let calls: [string, unknown][];
let saved: go.SaveSettingsIn[];
let far: { Load: go.SettingsOut; Data: go.DataOut };

beforeEach(() => {
  far = answers('empty').Settings as typeof far;
  saved = [];
  calls = install({
    'Session.State': () => state(),
    'Settings.Load': () => far.Load,
    'Settings.Data': () => far.Data,
    'Settings.Save': (input: go.SaveSettingsIn) => {
      saved.push(input);
      const bad = input.settings.capture.listen === 'nonsense';
      const problems = bad ? [{ field: 'capture.listen', message: 'An address and a port are needed.' }] : [];
      return { ...far.Load, fixed: [], settings: bad ? far.Load.settings : input.settings, problems };
    },
    'Settings.Erase': () => ({}),
  });
  far.Load.fixed = [];
  useNav.setState({ screen: 'settings', params: {}, past: [] });
  useKeys.getState().reset();
});

const show = () =>
  render(
    <Surroundings>
      <Screen />
    </Surroundings>,
  );

test('what is wrong stands at its field, and what is right is kept and can be reset', async () => {
  show();
  const field = await screen.findByLabelText('Address and port');
  await userEvent.clear(field);
  await userEvent.type(field, 'nonsense{Enter}');
  await screen.findByText('An address and a port are needed.');
  await userEvent.clear(field);
  await userEvent.type(field, '127.0.0.1:9090{Enter}');
  await waitFor(() => expect(screen.queryByText('An address and a port are needed.')).toBeNull());
  expect(saved.at(-1)?.settings.capture.listen).toBe('127.0.0.1:9090');
  await userEvent.click(screen.getByRole('button', { name: 'Reset: Address and port' }));
  await waitFor(() => expect(saved.at(-1)?.settings.capture.listen).toBe('127.0.0.1:8080'));
});

test('the search looks through every section', async () => {
  show();
  await screen.findByLabelText('Address and port');
  await userEvent.type(screen.getByRole('searchbox'), 'upstream proxy');
  expect(screen.getByLabelText('Upstream proxy')).toBeTruthy();
  expect(screen.queryByLabelText('Address and port')).toBeNull();
});

test('keys are given by pressing them, and a conflict is named', async () => {
  useNav.setState({ params: { section: 'shortcuts' } });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Add keys for: Home' }));
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(useKeys.getState().overrides['frame.home']).toContain('Mod+K');
  expect(screen.getAllByText(/^Also used by:/).length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole('button', { name: 'Reset: Home' }));
  expect(useKeys.getState().overrides['frame.home']).toBeUndefined();
});

test('a project is erased only when its name was typed', async () => {
  useNav.setState({ params: { section: 'data' } });
  const name = far.Data.name;
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Erase…' }));
  const sure = await screen.findByRole('button', { name: 'Erase for good' });
  expect((sure as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(screen.getByLabelText(/^Type/));
  await userEvent.paste(name);
  await userEvent.click(sure);
  await waitFor(() => expect(calls).toContainEqual(['Settings.Erase', { name }]));
});

test('appearance and keys are kept in the file, and come back from it', async () => {
  const stop = syncSettings();
  await waitFor(() => expect(calls.map(([name]) => name)).toContain('Settings.Load'));
  await new Promise((done) => setTimeout(done, 20));
  useAppearance.getState().set({ theme: 'light' });
  useKeys.getState().bind('frame.home', ['Mod+H']);
  await waitFor(
    () => expect(saved.map(({ section }) => section).sort()).toEqual(['appearance', 'keyboard']),
    {
      timeout: 2000,
    },
  );
  expect(saved.find(({ section }) => section === 'appearance')?.settings.appearance.theme).toBe('light');
  const { shortcuts } = saved.find(({ section }) => section === 'keyboard')?.settings.keyboard ?? {};
  expect(shortcuts).toEqual([{ command: 'frame.home', keys: ['Mod+H'] }]);
  stop();
});
