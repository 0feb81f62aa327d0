import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Visible } from './Visible';

test('markup is shown as text, and signs say what they stand for', () => {
  const text = '<img src=x onerror=alert(1)>\u202E<b>bold</b>';
  const { container } = render(<Visible text={text} />);
  expect(container.querySelector('img, b')).toBeNull();
  expect(container.textContent).toBe('<img src=x onerror=alert(1)>U+202E<b>bold</b>');
  expect(container.querySelector('[data-kind=direction]')?.getAttribute('title')).toContain('U+202E');
  expect(container.querySelector('bdi')?.getAttribute('dir')).toBe('auto');
});

test('a text made of nothing else is shown whole, with no element for each character', () => {
  const { container } = render(<Visible text={'\u200B\u200C'.repeat(5000)} />);
  expect(container.querySelectorAll('span')).toHaveLength(2000);
  expect(container.textContent?.match(/U\+200[BC]/g)).toHaveLength(10_000);
});
