import { expect, test } from 'vitest';
import { findActions, matching } from './find';

test('words match in any order, all of them', () => {
  expect(matching('dark theme', 'Theme: dark')).toBe(true);
  expect(matching('  the DARK ', 'Theme: dark')).toBe(true);
  expect(matching('dark light', 'Theme: dark')).toBe(false);
  expect(matching('', 'anything')).toBe(true);
});

test('a group without matches goes', () => {
  const group = (name: string, ...labels: string[]) => ({
    group: name,
    actions: labels.map((label) => ({ id: label, label, keywords: '' })),
  });
  expect(findActions('x y', [group('a', 'y of x', 'x'), group('b', 'z')])).toEqual([group('a', 'y of x')]);
});
