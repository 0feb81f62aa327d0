import { expect, test } from 'vitest';
import { lineDiff } from './lineDiff';

const side = (text: ReturnType<typeof lineDiff>, without: string) =>
  text.segments
    .filter(({ change }) => change !== without)
    .map((segment) => segment.text)
    .join('');

// What is left of the pieces on one side is that text, whatever they are.
test.each([
  ['', ''],
  ['a', ''],
  ['', 'a\nb'],
  ['one\ntwo\nthree', 'one\n2\nthree'],
  ['same\n', 'same\n'],
  ['a\nb\nc\nd\n', 'd\nc\nb\na\n'],
  ['a\r\nb', 'a\nb'],
])('the pieces of %j and %j put together are the two texts', (before, after) => {
  const diff = lineDiff(before, after);
  expect(side(diff, 'added')).toBe(before);
  expect(side(diff, 'removed')).toBe(after);
});

test('only the line that differs is marked', () => {
  expect(lineDiff('one\ntwo\nthree\n', 'one\n2\nthree\n').segments).toEqual([
    { change: 'same', text: 'one\n', moved: false },
    { change: 'removed', text: 'two\n', moved: false },
    { change: 'added', text: '2\n', moved: false },
    { change: 'same', text: 'three\n', moved: false },
  ]);
});

test('two long texts that have nothing in common are one change, soon', () => {
  const long = (word: string) => Array.from({ length: 30_000 }, (_, n) => `${word} ${n}\n`).join('');
  const diff = lineDiff(long('a'), long('b'));
  expect(diff.coarse).toBe(true);
  expect(diff.segments).toHaveLength(2);
});
