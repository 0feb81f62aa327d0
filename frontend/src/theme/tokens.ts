// The words of colour, and their values in each theme. Components use the variables (--as-…) and nothing else, so that
// contrast can be proved here once (contrast.test.ts) and every screen follows.

export type ThemeName = 'dark' | 'light' | 'contrast';

export const surfaces = ['bg', 'surface', 'raised', 'hover', 'selected'] as const;

/** Colours that are read as text or as a sign on any surface. */
export const inks = [
  'text',
  'dim',
  'accent',
  'good',
  'warn',
  'bad',
  'info',
  'role-system',
  'role-user',
  'role-assistant',
  'role-tool',
  'mark-red',
  'mark-orange',
  'mark-yellow',
  'mark-green',
  'mark-blue',
  'mark-purple',
  'added',
  'removed',
] as const;

/** What lies behind text that a comparison changed. */
export const changes = ['added-bg', 'removed-bg'] as const;

export type Token =
  | (typeof surfaces)[number]
  | (typeof inks)[number]
  | (typeof changes)[number]
  | 'line'
  | 'on-accent'
  | 'focus'
  | 'shadow';

export const themes: Record<ThemeName, Record<Token, string>> = {
  dark: {
    bg: '#101216',
    surface: '#15181d',
    raised: '#1c2027',
    hover: '#20252d',
    selected: '#232d4b',
    line: '#2a303a',
    text: '#e3e6eb',
    dim: '#a1abb9',
    accent: '#93a5ff',
    'on-accent': '#0c1024',
    focus: '#93a5ff',
    good: '#63d18d',
    warn: '#e7b755',
    bad: '#ff8a8a',
    info: '#6cbaff',
    'role-system': '#c5aaff',
    'role-user': '#80c5ff',
    'role-assistant': '#80dba6',
    'role-tool': '#f2b478',
    'mark-red': '#ff8585',
    'mark-orange': '#ffab61',
    'mark-yellow': '#e9d162',
    'mark-green': '#72d492',
    'mark-blue': '#7ab7ff',
    'mark-purple': '#cba2ff',
    added: '#72d492',
    removed: '#ff8a8a',
    'added-bg': '#173524',
    'removed-bg': '#43202a',
    shadow: '0 6px 24px rgb(0 0 0 / 45%)',
  },
  light: {
    bg: '#f6f7f9',
    surface: '#fcfcfd',
    raised: '#ffffff',
    hover: '#eceff4',
    selected: '#dfe6ff',
    line: '#d9dee6',
    text: '#191e27',
    dim: '#515b6b',
    accent: '#3949c9',
    'on-accent': '#ffffff',
    focus: '#3949c9',
    good: '#12632f',
    warn: '#7c4a00',
    bad: '#b01c2b',
    info: '#0a58a0',
    'role-system': '#6531c2',
    'role-user': '#0a559f',
    'role-assistant': '#106036',
    'role-tool': '#8c4300',
    'mark-red': '#ad1d2a',
    'mark-orange': '#933f00',
    'mark-yellow': '#6b5100',
    'mark-green': '#146131',
    'mark-blue': '#1755ac',
    'mark-purple': '#6c2dbb',
    added: '#12632f',
    removed: '#b01c2b',
    'added-bg': '#d5f2de',
    'removed-bg': '#fde0e1',
    shadow: '0 6px 24px rgb(25 30 39 / 14%)',
  },
  contrast: {
    bg: '#000000',
    surface: '#000000',
    raised: '#0d0d0d',
    hover: '#1c1c1c',
    selected: '#00305c',
    line: '#9a9a9a',
    text: '#ffffff',
    dim: '#dcdcdc',
    accent: '#8fd0ff',
    'on-accent': '#000000',
    focus: '#ffe14d',
    good: '#7dffa8',
    warn: '#ffd84d',
    bad: '#ffb0b0',
    info: '#9bd8ff',
    'role-system': '#ddcaff',
    'role-user': '#a5daff',
    'role-assistant': '#9dffc2',
    'role-tool': '#ffd0a0',
    'mark-red': '#ffb0b0',
    'mark-orange': '#ffc68a',
    'mark-yellow': '#ffee80',
    'mark-green': '#8dffb0',
    'mark-blue': '#a8d4ff',
    'mark-purple': '#e2c8ff',
    added: '#8dffb0',
    removed: '#ffb0b0',
    'added-bg': '#003d1a',
    'removed-bg': '#5c0010',
    shadow: '0 0 0 1px #9a9a9a',
  },
};

/** tokensCss gives every theme as rules of [data-theme]. */
export function tokensCss(): string {
  return Object.entries(themes)
    .map(([name, tokens]) => {
      const values = Object.entries(tokens).map(([token, value]) => `--as-${token}:${value}`);
      const scheme = name === 'light' ? 'light' : 'dark';
      return `[data-theme="${name}"]{color-scheme:${scheme};${values.join(';')}}`;
    })
    .join('\n');
}
