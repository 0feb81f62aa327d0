import { expect, test } from 'vitest';
import { messages } from '.';

// Every source of the window as text. A key is always written as one whole literal, so that this test can find it.
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../wailsjs/**'], {
  eager: true,
  query: '?raw',
  import: 'default',
});
const code = Object.values(sources).join('\n');

test('every text of en.json is used', () => {
  const unused = [...messages.keys()].filter(
    (key) => !code.includes(`'${key}'`) && !code.includes(`"${key}"`),
  );
  expect(unused).toEqual([]);
});

test('every key that is asked for exists', () => {
  const asked = [
    ...code.matchAll(/\bt\(\s*['"]([a-zA-Z0-9_.]+)['"]/g),
    ...code.matchAll(/\b(?:title|group|label): '([a-z]+\.[a-zA-Z0-9_.]+)'/g),
  ];
  const missing = asked.map((match) => match[1] ?? '').filter((key) => !messages.has(key));
  expect(missing).toEqual([]);
});
