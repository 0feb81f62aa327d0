import { describe, expect, test } from 'vitest';
import { changes, inks, surfaces, type ThemeName, type Token, themes } from './tokens';

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

// WCAG 2.2, contrast ratio
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The pairs of a theme that are weaker than they must be. */
function weak(theme: ThemeName, pairs: [Token, Token][], least: number): string[] {
  const tokens = themes[theme];
  return pairs
    .map(([ink, surface]) => ({ ink, surface, ratio: contrast(tokens[ink], tokens[surface]) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ ink, surface, ratio }) => `${ink} on ${surface}: ${ratio.toFixed(2)}`);
}

function pairs(over: readonly Token[], under: readonly Token[]): [Token, Token][] {
  return over.flatMap((ink) => under.map((surface): [Token, Token] => [ink, surface]));
}

test('the yardstick knows the contrast of black and white, and of a known grey', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

describe.each(Object.keys(themes) as ThemeName[])('%s', (theme) => {
  const least = theme === 'contrast' ? 7 : 4.5;

  test('every ink is readable on every surface', () => {
    expect(weak(theme, pairs(inks, surfaces), least)).toEqual([]);
  });

  test('changed text is readable', () => {
    expect(weak(theme, pairs(['text', 'added', 'removed', 'dim'], changes), 4.5)).toEqual([]);
  });

  test('filled buttons are readable: on the accent, and with the ground as ink on states', () => {
    expect(weak(theme, [['on-accent', 'accent']], least)).toEqual([]);
    expect(weak(theme, pairs(['bg'], ['good', 'warn', 'bad', 'info']), least)).toEqual([]);
  });

  test('the focus ring is seen on every surface', () => {
    expect(weak(theme, pairs(['focus'], surfaces), 3)).toEqual([]);
  });
});
