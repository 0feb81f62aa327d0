// What a reader would not see in a text, or what would make the rest read differently: terminal escapes, bidi overrides,
// zero-width characters, text smuggled in tags or variation selectors, halves of surrogate pairs.

export type Kind = 'control' | 'direction' | 'invisible' | 'tags' | 'variation' | 'broken';

/** A sign that stands for one or more characters that are not seen. */
export interface Sign {
  kind: Kind;
  /** what is shown, for example ESC, U+202E, U+200B ×12 */
  label: string;
  /** the code points, for example U+202E */
  codes: string;
}

// DI: default-ignorable code points, those that a font draws as nothing. U+2800 is a blank of braille.
const hidden =
  /(?:(?![\t\n]|\r\n)[\p{Cc}\p{Cs}\p{DI}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u{FFF9}-\u{FFFB}\u{2800}])+/gu;

const emoji = /[\p{Extended_Pictographic}\p{Emoji_Modifier}0-9#*]$/u;
const joined =
  /[\p{Script=Arab}\p{Script=Syrc}\p{Script=Mong}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Khmr}\p{Script=Mymr}\p{Script=Tibt}]/u;
const pictograph = /^\p{Extended_Pictographic}/u;

const controls =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/**
 * reveal splits a text at what is hidden in it, and returns undefined when nothing is. Nothing is cut: joined again, text
 * and signs stand for all of it. Emoji and the scripts that are written with joiners keep theirs.
 */
export function reveal(text: string): (string | Sign)[] | undefined {
  const parts: (string | Sign)[] = [];
  let shown = 0; // up to here the text is in parts
  hidden.lastIndex = 0;
  for (let match = hidden.exec(text); match; match = hidden.exec(text)) {
    const kept = meant(text, match.index, match[0]);
    if (kept === match[0].length) continue;
    const from = match.index + kept;
    if (from > shown) parts.push(text.slice(shown, from));
    parts.push(...signs(match[0].slice(kept)));
    shown = match.index + match[0].length;
  }
  if (shown === 0) return undefined;
  if (shown < text.length) parts.push(text.slice(shown));
  return parts;
}

/** meant tells how much of the beginning of a hidden run belongs to an emoji, or to a word of a script with joiners. */
function meant(text: string, at: number, run: string): number {
  const before = text.slice(Math.max(0, at - 2), at);
  const after = text.slice(at + run.length, at + run.length + 2);
  let kept = 0;
  const pictured = emoji.test(before);
  if (pictured && (run[0] === '\uFE0F' || run[0] === '\uFE0E')) kept = 1;
  if (run.length !== kept + 1) return kept;
  const last = run[kept];
  if (last === '\u200D' && pictured && pictograph.test(after)) return kept + 1;
  const joiner = last === '\u200D' || last === '\u200C';
  return joiner && kept === 0 && joined.test(before.at(-1) ?? '') && joined.test(after.at(0) ?? '')
    ? 1
    : kept;
}

function signs(run: string): Sign[] {
  const list: Sign[] = [];
  const points = [...run];
  for (let at = 0; at < points.length; ) {
    const code = points[at]?.codePointAt(0) ?? 0;
    const kind = kindOf(code);
    let end = at + 1;
    const same = (other: number) => (kind === 'tags' ? kindOf(other) === 'tags' : other === code);
    while (end < points.length && same(points[end]?.codePointAt(0) ?? 0)) end++;
    list.push(kind === 'tags' ? tags(points.slice(at, end)) : sign(kind, code, end - at));
    at = end;
  }
  return list;
}

function sign(kind: Kind, code: number, times: number): Sign {
  const codes = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = controls[code] ?? (code === 0x7f ? 'DEL' : codes);
  return { kind, codes, label: times > 1 ? `${name} ×${times}` : name };
}

// The tags block mirrors ASCII: what was smuggled in it is shown as what it says.
function tags(points: string[]): Sign {
  const text = points.map((point) => {
    const ascii = (point.codePointAt(0) ?? 0) - 0xe0000;
    return ascii >= 0x20 && ascii < 0x7f ? String.fromCharCode(ascii) : '·';
  });
  return { kind: 'tags', label: text.join(''), codes: `U+E0000–U+E007F ×${points.length}` };
}

function kindOf(code: number): Kind {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 'control';
  if (code >= 0xd800 && code < 0xe000) return 'broken';
  if ((code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)) return 'broken';
  if (code >= 0xe0000 && code <= 0xe007f) return 'tags';
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'variation';
  const bidi = code === 0x61c || code === 0x200e || code === 0x200f;
  if (bidi || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'direction';
  return 'invisible';
}
