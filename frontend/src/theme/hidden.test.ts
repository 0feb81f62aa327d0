import { expect, test } from 'vitest';
import { reveal } from './hidden';

/** The text with each sign in brackets, or undefined when nothing is hidden. */
function seen(text: string): string | undefined {
  return reveal(text)
    ?.map((part) => (typeof part === 'string' ? part : `[${part.kind} ${part.label}]`))
    .join('');
}

test.each([
  ['plain text, tabs\tand\r\nlines\n'],
  ['déjà vu, 日本語, עברית, العربية'],
  ['❤️ 👩‍👩‍👧 1️⃣ 👍🏽'],
  ['می‌خواهم क्‍ष'],
])('nothing is hidden in %j', (text) => {
  expect(reveal(text)).toBeUndefined();
});

test.each([
  ['\u001b[31mred\u001b[0m', '[control ESC][31mred[control ESC][0m'],
  ['a\u0000b\u007f\u0085', 'a[control NUL]b[control DEL][control U+0085]'],
  ['over\rwritten', 'over[control CR]written'],
  ['user\u202Etxt.exe', 'user[direction U+202E]txt.exe'],
  ['\u2066x\u2069\u200F\u061C', '[direction U+2066]x[direction U+2069][direction U+200F][direction U+061C]'],
  ['pass\u200Bword', 'pass[invisible U+200B]word'],
  ['pass\u200Dword', 'pass[invisible U+200D]word'],
  [`a${'\u200B'.repeat(500)}b`, 'a[invisible U+200B ×500]b'],
  ['soft\u00ADhyphen\uFEFF', 'soft[invisible U+00AD]hyphen[invisible U+FEFF]'],
  ['line\u2028end', 'line[invisible U+2028]end'],
  ['blank\u3164\u2800', 'blank[invisible U+3164][invisible U+2800]'],
  ['half \uD83D pair', 'half [broken U+D83D] pair'],
  ['\uFFFE\u{1FFFF}', '[broken U+FFFE][broken U+1FFFF]'],
  ['ok\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}', 'ok[tags ignore]'],
  ['😀\uFE0F\u{E0100}\u{E0101}', '😀\uFE0F[variation U+E0100][variation U+E0101]'],
  ['a\uFE0F', 'a[variation U+FE0F]'],
])('%j is made visible', (text, expected) => {
  expect(seen(text)).toBe(expected);
});

test('one megabyte without anything hidden takes no time', () => {
  const text = 'The quick brown fox über 日本 😀 '.repeat(32_000);
  const start = performance.now();
  expect(reveal(text)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(300);
});
