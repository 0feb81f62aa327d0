import { describe, expect, test } from 'vitest';
import { caps, matches, normal, parse, plain, record } from './keys';

interface Pressed extends KeyboardEventInit {
  graph?: boolean;
}

function press(key: string, code: string, { graph = false, ...held }: Pressed = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, code, ...held });
  Object.defineProperty(event, 'getModifierState', { value: (name: string) => name === 'AltGraph' && graph });
  return event;
}

const ctrl = { ctrlKey: true };
const shift = { shiftKey: true };

describe('matches', () => {
  test.each([
    ['Mod+K', press('k', 'KeyK', ctrl)],
    ['Mod+Shift+Z', press('Z', 'KeyZ', { ...ctrl, ...shift })],
    ['J', press('j', 'KeyJ')],
    ['J', press('J', 'KeyJ')], // Caps Lock
    ['Shift+F6', press('F6', 'F6', shift)],
    ['Esc', press('Escape', 'Escape')],
    ['?', press('?', 'Slash', shift)], // US
    ['?', press('?', 'Minus', shift)], // German
    ['/', press('/', 'Digit7', shift)], // German: Shift+7
    ['Mod+.', press('.', 'Period', ctrl)],
    ['Mod+Comma', press(',', 'Comma', ctrl)],
    ['Mod+;', press(';', 'Comma', { ...ctrl, ...shift })], // German
    ['1', press('&', 'Digit1')], // AZERTY
    ['1', press('1', 'Digit1', shift)], // AZERTY
    ['1', press('1', 'Numpad1')],
    ['Mod+2', press('é', 'Digit2', ctrl)], // AZERTY
    ['Alt+1', press('¡', 'Digit1', { altKey: true })], // macOS
    ['Mod+K', press('л', 'KeyK', ctrl)], // Russian
    ['J', press('о', 'KeyJ')], // Russian
    ['Mod+.', press('ю', 'Period', ctrl)], // Russian
    ['A', press('a', 'KeyQ')], // AZERTY: what is typed counts
    ['Mod+Plus', press('+', 'Equal', { ...ctrl, ...shift })],
  ])('%s', (keys, event) => {
    expect(matches(parse(keys), event, false)).toBe(true);
  });

  test.each([
    ['Mod+K', press('k', 'KeyK')],
    ['K', press('k', 'KeyK', ctrl)],
    ['J', press('J', 'KeyJ', shift)],
    ['F6', press('F6', 'F6', shift)],
    ['Mod+Z', press('Z', 'KeyZ', { ...ctrl, ...shift })],
    ['Q', press('a', 'KeyQ')],
    ['1', press('!', 'Digit1', shift)],
    ['Mod+Alt+Q', press('@', 'KeyQ', { ...ctrl, altKey: true, graph: true })], // AltGr on a German layout
    ['Alt+1', press('1', 'Digit1')],
    ['M', press(',', 'KeyM')], // a Latin layout that has something else there
  ])('not %s', (keys, event) => {
    expect(matches(parse(keys), event, false)).toBe(false);
  });

  test('AltGr only types a sign', () => {
    expect(matches(parse('/'), press('/', 'KeyQ', { ...ctrl, altKey: true, graph: true }), false)).toBe(true);
  });

  test('Mod is Cmd on macOS, where Ctrl is a key of its own', () => {
    expect(matches(parse('Mod+K'), press('k', 'KeyK', { metaKey: true }), true)).toBe(true);
    expect(matches(parse('Mod+K'), press('k', 'KeyK', ctrl), true)).toBe(false);
    expect(matches(parse('Ctrl+Tab'), press('Tab', 'Tab', ctrl), true)).toBe(true);
    expect(matches(parse('Ctrl+Tab'), press('Tab', 'Tab', ctrl), false)).toBe(true);
  });
});

test('keys have one normal way to be written', () => {
  expect(normal('shift+mod+z', false)).toBe('Mod+Shift+Z');
  expect(normal('Ctrl+K', false)).toBe('Mod+K');
  expect(normal('Ctrl+K', true)).toBe('Ctrl+K');
  expect(normal('Mod+,', false)).toBe('Mod+Comma');
  expect(normal('Esc', false)).toBe('Escape');
});

test.each([
  [press('k', 'KeyK', ctrl), 'Mod+K'],
  [press('л', 'KeyK', ctrl), 'Mod+K'],
  [press('?', 'Slash', shift), '?'],
  [press('F6', 'F6', shift), 'Shift+F6'],
  [press('Z', 'KeyZ', { ...ctrl, ...shift }), 'Mod+Shift+Z'],
  [press(' ', 'Space', ctrl), 'Mod+Space'],
  [press('Control', 'ControlLeft', ctrl), undefined],
])('what is recorded matches what was pressed', (event, keys) => {
  expect(record(event, false)).toBe(keys);
  if (keys) expect(matches(parse(keys), event, false)).toBe(true);
});

test('letters and Enter are plain, F6 and Ctrl+K are not', () => {
  expect(['J', '?', '1', 'Enter', 'Shift+A'].every((keys) => plain(parse(keys)))).toBe(true);
  expect(['F6', 'Shift+F6', 'Mod+K', 'Alt+1'].some((keys) => plain(parse(keys)))).toBe(false);
});

test('keys are shown as they are printed', () => {
  expect(caps('Mod+Shift+F', false)).toEqual(['Ctrl', 'Shift', 'F']);
  expect(caps('Mod+Shift+F', true)).toEqual(['⇧', '⌘', 'F']);
  expect(caps('Mod+Comma', false)).toEqual(['Ctrl', ',']);
  expect(caps('Alt+ArrowLeft', false)).toEqual(['Alt', '←']);
});
