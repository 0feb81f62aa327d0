import { expect, test } from 'vitest';
import { appearanceDefaults, readAppearance, resolveTheme, rowHeight, useAppearance } from './appearance';

test.each([
  ['auto', { dark: false, contrast: false }, 'light'],
  ['auto', { dark: true, contrast: false }, 'dark'],
  ['auto', { dark: false, contrast: true }, 'contrast'],
  ['light', { dark: true, contrast: true }, 'light'],
] as const)('%s on a system of %j is %s', (choice, system, theme) => {
  expect(resolveTheme(choice, system)).toBe(theme);
});

test('whatever was stored, an appearance comes of it', () => {
  for (const text of [null, '', '{', 'null', '[]', '{"theme":"pink","fontSize":"13","density":1}']) {
    expect(readAppearance(text)).toEqual(appearanceDefaults);
  }
  const kept = { theme: 'contrast', density: 'comfortable', fontSize: 16, reduceMotion: true };
  expect(readAppearance(JSON.stringify(kept))).toEqual(kept);
  expect(readAppearance('{"fontSize":900}').fontSize).toBe(26);
});

test('a change is kept, within bounds', () => {
  useAppearance.getState().set({ theme: 'dark', fontSize: 3 });
  expect(readAppearance(localStorage.getItem('assay.appearance'))).toMatchObject({
    theme: 'dark',
    fontSize: 10,
  });
  useAppearance.getState().set(appearanceDefaults);
});

test('rows grow with density and text', () => {
  expect(rowHeight({ density: 'compact', fontSize: 13 })).toBe(28);
  expect(rowHeight({ density: 'comfortable', fontSize: 26 })).toBe(72);
});
