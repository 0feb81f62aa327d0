import { expect, test } from 'vitest';
import { setLanguage, t } from '.';
import { formatBytes, formatDuration, formatMoney, formatNumber, formatTime } from './format';
import { pseudoMessage } from './pseudo';

test.each([
  [0, '0 ms'],
  [0.42, '0.4 ms'],
  [940.4, '940 ms'],
  [999.7, '1 s'],
  [9310, '9.31 s'],
  [12_040, '12 s'],
  [59_960, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [11_520_000, '3 h 12 min'],
])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1200, '1.2 kB'],
  [999_700, '1 MB'],
  [4_000_000, '4 MB'],
  [123_456_789, '123 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('numbers and money', () => {
  expect(formatNumber(1204)).toBe('1,204');
  expect(formatMoney(0.4)).toBe('$0.40');
  expect(formatMoney(0.00042)).toBe('$0.0004');
});

test('a time that is none is empty, not the year 1970', () => {
  expect(formatTime('')).toBe('');
  expect(formatTime('2026-01-02T03:04:05Z')).toMatch(/^\d\d:04:05$/);
});

test('the pseudo-language turns text and keeps values', () => {
  const message = pseudoMessage('{n, plural, one {# exchange} other {# exchanges}} of {host}', 'en');
  expect(message.format({ n: 2, host: 'example.com' })).toMatch(/^⟦2 éẋçĥáñĝéš öƒ example\.com( ·)*⟧$/);
  setLanguage('pseudo');
  try {
    expect(t('frame.retry')).toMatch(/^⟦Ţŕý áĝáîñ( ·)+⟧$/);
  } finally {
    setLanguage('en');
  }
  expect(t('frame.retry')).toBe('Try again');
});
