// Keys as text ("Mod+Shift+K", "J", "Alt+1") and as they come from the keyboard. Mod is Cmd on macOS and Ctrl elsewhere.
import { t } from '../i18n';

export interface Chord {
  mod: boolean;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
  /** the key in lower case: k, 1, ?, f6, arrowleft */
  key: string;
}

export const mac = /mac/i.test(navigator.platform);

const aliases: Record<string, string> = {
  esc: 'escape',
  comma: ',',
  period: '.',
  plus: '+',
  space: ' ',
  left: 'arrowleft',
  right: 'arrowright',
  up: 'arrowup',
  down: 'arrowdown',
};

/** parse reads keys as commands write them. */
export function parse(keys: string): Chord {
  const words = keys.split('+').map((word) => word.trim().toLowerCase());
  const key = words.pop() ?? '';
  return {
    mod: words.includes('mod'),
    ctrl: words.includes('ctrl'),
    alt: words.includes('alt'),
    shift: words.includes('shift'),
    key: aliases[key] ?? key,
  };
}

/** normal gives the one way to write keys, by which two of them are the same or not. */
export function normal(keys: string, onMac = mac): string {
  const chord = parse(keys);
  const mod = chord.mod || (chord.ctrl && !onMac);
  const words = [mod && 'Mod', chord.ctrl && onMac && 'Ctrl', chord.alt && 'Alt', chord.shift && 'Shift'];
  const name = Object.entries(aliases).find(([, key]) => key === chord.key && /^[, +.]$/.test(key));
  const key = name?.[0] ?? chord.key;
  return [...words.filter((word) => word), key.charAt(0).toUpperCase() + key.slice(1)].join('+');
}

/** plain tells whether keys need no Ctrl, Cmd or Alt: letters, digits, signs, Enter, Escape, arrows. Function keys are not plain. */
export function plain({ mod, ctrl, alt, key }: Chord): boolean {
  return !mod && !ctrl && !alt && !/^f\d+$/.test(key);
}

// Where a sign is on the keyboard that most of the world's layouts go back to, for layouts of other scripts.
const places: Record<string, string> = {
  Period: '.',
  Comma: ',',
  Slash: '/',
  Semicolon: ';',
  Equal: '=',
  Minus: '-',
  BracketLeft: '[',
  BracketRight: ']',
};

/** What the pressed key means, most literal first: what it types, then what is printed at its place. */
function meaningsOf(event: KeyboardEvent, shift: boolean): { key: string; typed: boolean }[] {
  const typed = event.key.toLowerCase();
  const found = [{ key: typed, typed: true }];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const latin = /^[a-z]$/.test(typed);
  // Digits need Shift on some layouts (AZERTY): the unshifted key in the row of digits is the digit as well.
  if (digit && typed !== digit && (!shift || event.altKey)) found.push({ key: digit, typed: false });
  // Other scripts, and Option on macOS, type something else: then the place counts. On Latin layouts what is typed counts.
  const foreign = typed.length === 1 && typed > '\u007e';
  if (letter && !latin && foreign) found.push({ key: letter, typed: false });
  const sign = places[event.code];
  if (sign && foreign) found.push({ key: sign, typed: false });
  return found;
}

/** matches tells whether a keyboard event is these keys. */
export function matches(chord: Chord, event: KeyboardEvent, onMac = mac): boolean {
  const graph = event.getModifierState('AltGraph'); // reported as Ctrl+Alt by Windows, and only types a sign
  const ctrl = event.ctrlKey && !graph;
  const wanted = { ctrl: onMac ? chord.ctrl : chord.mod || chord.ctrl, meta: onMac && chord.mod };
  if (ctrl !== wanted.ctrl || event.metaKey !== wanted.meta) return false;
  if ((event.altKey && !graph) !== chord.alt) return false;
  return meaningsOf(event, event.shiftKey).some(({ key, typed }) => {
    if (key !== chord.key) return false;
    if (event.shiftKey === chord.shift) return true;
    // Whether a sign or digit needs Shift is the layout's affair, as long as it was typed.
    return typed && !chord.shift && key.length === 1 && !/[a-z ]/.test(key);
  });
}

/** record gives the keys of an event as text, to bind them; undefined while only modifiers are held. */
export function record(event: KeyboardEvent, onMac = mac): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Unidentified'].includes(event.key))
    return undefined;
  const means = meaningsOf(event, event.shiftKey);
  const latin = means.find(({ key }) => /^[\x20-\x7e]$/.test(key)) ?? means[0];
  const key = latin?.key ?? '';
  const typedSign = latin?.typed && key.length === 1 && !/[a-z ]/.test(key);
  const words = [
    (onMac ? event.metaKey : event.ctrlKey) && 'Mod',
    onMac && event.ctrlKey && 'Ctrl',
    event.altKey && 'Alt',
    event.shiftKey && !typedSign && 'Shift',
    key === '+' ? 'Plus' : key === ' ' ? 'Space' : key,
  ];
  return normal(words.filter((word) => word).join('+'), onMac);
}

const signs: Record<string, string> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
};

/** caps gives keys as what is printed on a keyboard, one word each. */
export function caps(keys: string, onMac = mac): string[] {
  const { mod, ctrl, alt, shift, key } = parse(keys);
  const words: string[] = [];
  if (ctrl || (mod && !onMac)) words.push(onMac ? '⌃' : t('commands.key.ctrl'));
  if (alt) words.push(onMac ? '⌥' : t('commands.key.alt'));
  if (shift) words.push(onMac ? '⇧' : t('commands.key.shift'));
  if (mod && onMac) words.push('⌘');
  words.push(capOf(key));
  return words;
}

function capOf(key: string): string {
  if (key === ' ') return t('commands.key.space');
  if (key === 'escape') return t('commands.key.escape');
  if (key === 'enter') return t('commands.key.enter');
  if (key === 'tab') return t('commands.key.tab');
  if (key === 'contextmenu') return t('commands.key.menu');
  return signs[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
}
