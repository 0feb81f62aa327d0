import { expect, test } from 'vitest';
import type { go } from '../../api';
import { pieces } from './pieces';

const sign = (start: number, end: number): go.RulingSign => ({
  kind: 'secret',
  name: '',
  where: 'message:0',
  score: 1,
  why: '',
  start,
  end,
});

test('signs that overlap are marked where they stand', () => {
  const { shown, left } = pieces('abcdefgh', [sign(1, 4), sign(3, 6), sign(0, 0)]);
  expect(shown.map(({ text, signs }) => [text, signs.length])).toEqual([
    ['a', 0],
    ['bc', 1],
    ['d', 2],
    ['ef', 1],
    ['gh', 0],
  ]);
  expect(left).toBe(0);
});

test('of a text without end a part is shown, and the rest is counted', () => {
  const { shown, left } = pieces('x'.repeat(30_000), [sign(10, 29_000), sign(25_000, 26_000)]);
  expect(shown.map(({ text }) => text.length)).toEqual([10, 19_990]);
  expect(left).toBe(10_000);
  expect(pieces('', [sign(0, 3)]).shown).toEqual([]);
});
