import { expect, test } from 'vitest';
import type { go } from '../../api';
import { countRuns, pairs, pattern, runs } from './segments';

const piece = (change: string, text: string): go.DiffSegment => ({ change, text, moved: false });
const cat = [
  piece('same', 'the '),
  piece('removed', 'cat'),
  piece('added', 'dog'),
  piece('same', ' sat\nhere'),
  piece('added', '!'),
];

test('what was removed and what came for it are one change', () => {
  expect(countRuns(cat)).toBe(2);
  expect(runs(cat, 5).map((run) => run.change)).toEqual([-1, 5, -1, 6]);
});

test('two columns meet again at each line end that both have', () => {
  const text = (side: 'left' | 'right') =>
    pairs(cat).map((pair) => pair[side].map((each) => each.text).join(''));
  expect(text('left')).toEqual(['the cat sat\n', 'here']);
  expect(text('right')).toEqual(['the dog sat\n', 'here!']);
});

test('a path becomes one for every element', () => {
  expect(pattern('/choices/0/delta/10')).toBe('/choices/*/delta/*');
  expect(pattern('/a1/b')).toBe('/a1/b');
});
