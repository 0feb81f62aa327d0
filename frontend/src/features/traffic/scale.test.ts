import { describe, expect, test } from 'vitest';
import { atEnd, MAX_HEIGHT, offsetAt, rangeAt, reveal, scrollFor, surface } from './scale';

const small = { count: 1_000, row: 28, viewport: 560 };
const huge = { count: 5_000_000, row: 28, viewport: 560 };

describe('a surface that fits', () => {
  test('one pixel stands for one', () => {
    expect(surface(small)).toBe(28_000);
    expect(offsetAt(1_234, small)).toBe(1_234);
    expect(scrollFor(1_234, small)).toBe(1_234);
  });

  test('the rows drawn are those in sight and a few more', () => {
    expect(rangeAt(2_800, small, 0)).toEqual({ first: 100, end: 120 });
    expect(rangeAt(2_810, small, 0)).toEqual({ first: 100, end: 121 });
    expect(rangeAt(0, small, 6)).toEqual({ first: 0, end: 26 });
    expect(rangeAt(28_000 - 560, small, 6)).toEqual({ first: 974, end: 1_000 });
  });
});

describe('a surface beyond what engines can', () => {
  test('it stays in bounds and reaches the first row and the last', () => {
    expect(surface(huge)).toBe(MAX_HEIGHT);
    expect(rangeAt(offsetAt(0, huge), huge, 0).first).toBe(0);
    expect(rangeAt(offsetAt(MAX_HEIGHT - 560, huge), huge, 0).end).toBe(5_000_000);
  });

  test.each([0, 1, 4_999_980, 2_500_000, 77])('row %i can be brought to the top and back', (index) => {
    const offset = Math.min(index * 28, huge.count * 28 - 560);
    expect(offsetAt(scrollFor(offset, huge), huge)).toBeCloseTo(offset, 3);
  });
});

describe('bringing a row into view', () => {
  test('moves as little as needed', () => {
    expect(reveal(10, 0, small)).toBe(0); // is there already
    expect(reveal(20, 0, small)).toBe(28); // below
    expect(reveal(5, 2_800, small)).toBe(140); // above
  });

  test('fewer rows than fit leave nothing to scroll', () => {
    const few = { count: 3, row: 28, viewport: 560 };
    expect(offsetAt(50, few)).toBe(0);
    expect(scrollFor(999, few)).toBe(0);
    expect(atEnd(0, few)).toBe(true);
  });

  test('the end is the last row in sight', () => {
    expect(atEnd(28_000 - 560, small)).toBe(true);
    expect(atEnd(28_000 - 560 - 28, small)).toBe(false);
  });
});
