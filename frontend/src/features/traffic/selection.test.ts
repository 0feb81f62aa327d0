import { describe, expect, test } from 'vitest';
import { MOST, none, ranged, single, span, step, toggled } from './selection';

test('a click chooses one line, with Ctrl it adds and takes away', () => {
  const one = single(3, 'c');
  const two = toggled(one, 5, 'e');
  expect([...two.picked]).toEqual(['c', 'e']);
  expect(two.cursor).toBe(5);
  expect([...toggled(two, 3, 'c').picked]).toEqual(['e']);
});

describe('a range', () => {
  test('goes from the anchor to the line, whichever comes first', () => {
    const s = single(3, 'd');
    expect(span(s, 5)).toEqual({ first: 3, end: 6 });
    expect(span(s, 1)).toEqual({ first: 1, end: 4 });
  });

  test('keeps its anchor while it grows and shrinks', () => {
    let s = single(3, 'd');
    s = ranged(s, 5, ['d', 'e', 'f']);
    expect(s).toMatchObject({ cursor: 5, key: 'f', anchor: 3 });
    s = ranged(s, 2, ['c', 'd']);
    expect(s).toMatchObject({ cursor: 2, key: 'c', anchor: 3 });
    expect([...s.picked]).toEqual(['c', 'd']);
  });

  test('without an anchor is the line alone', () => {
    expect(span(none, 7)).toEqual({ first: 7, end: 8 });
  });

  test('ends at as many as can be handled, nearest to the keyboard', () => {
    expect(span(single(0, 'a'), 999_999)).toEqual({ first: 1_000_000 - MOST, end: 1_000_000 });
    expect(span(single(999_999, 'z'), 0)).toEqual({ first: 0, end: MOST });
  });
});

describe('keys of movement', () => {
  test.each([
    ['ArrowDown', 4, 5],
    ['ArrowUp', 4, 3],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['ArrowDown', -1, 0],
    ['ArrowUp', -1, 99],
    ['PageDown', 4, 24],
    ['PageUp', 4, 0],
    ['PageUp', -1, 99],
    ['Home', 50, 0],
    ['End', 50, 99],
  ])('%s at %i leads to %i', (key, from, to) => {
    expect(step(key, from, 100, 20)).toBe(to);
  });

  test('another key leads nowhere', () => expect(step('x', 1, 100, 20)).toBeUndefined());
});
