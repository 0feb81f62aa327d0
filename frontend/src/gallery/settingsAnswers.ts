// What the settings screen is told.
import type { go } from '../api';
import { countOf, type State, textOf } from './states';

const settings: go.SettingsOut['settings'] = {
  capture: {
    listen: '127.0.0.1:8080',
    allow_remote: false,
    at_start: true,
    scope: [],
    pass_through: [],
    pass_refused: false,
    accept_certificate: [],
    upstream_proxy: '',
  },
  retention: { age_days: 0, size: '' },
  appearance: { theme: 'auto', density: 'compact', font_size: 13, reduce_motion: false },
  keyboard: { letters: true, shortcuts: [] },
  alerts: { desktop: true },
  window: { x: 0, y: 0, width: 0, height: 0, maximised: false },
};

function loaded(state: State): go.SettingsOut {
  const changed = structuredClone(settings);
  const plain = state === 'one' || state === 'empty';
  if (!plain) changed.capture.scope = [textOf(state), '*.example.com'];
  const problems = plain
    ? []
    : [{ field: 'capture.scope', message: `"${textOf(state).slice(0, 80)}" is not a host.` }];
  return { settings: changed, defaults: settings, fixed: ['capture.listen'], restart: !plain, problems };
}

function data(state: State): go.DataOut {
  const text = textOf(state);
  return {
    path: `/engagements/${state === 'one' ? 'acme' : text}.assay`,
    folder: '/engagements',
    name: state === 'one' ? 'acme' : text,
    read_only: false,
    created: '2026-03-01T12:00:00Z',
    schema: 3,
    exchanges: countOf(state),
    conversations: countOf(state),
    deleted: countOf(state),
    credentials: 0,
    keeps_values: true,
    bytes: countOf(state) * 20_000,
    checked: '2026-03-01T12:00:00Z',
    problems: state === 'one' || state === 'empty' ? [] : [text],
    home: '/home/ada/.config/assay',
  };
}

/** settingsAnswers are those of Settings. */
export function settingsAnswers(state: State): Record<string, unknown> {
  const about = {
    version: '1.0.0',
    commit: '0123456789abcdef',
    built: '2026-03-01',
    go: 'go1.26',
    system: 'linux/amd64',
    licence: 'Apache-2.0',
    modules: Array.from({ length: Math.min(countOf(state), 60) }, (_, n) => ({
      name: `example.com/m${n}`,
      version: 'v1.0.0',
    })),
  };
  return {
    Load: loaded(state),
    Save: loaded(state),
    Reset: loaded(state),
    Data: data(state),
    About: about,
    Old: { n: countOf(state) },
    Diagnostics: { text: `## Assay\nversion: 1.0.0\n${textOf(state)}` },
  };
}
