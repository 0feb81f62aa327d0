/** A stretch of a text: words, or what is fenced as code. */
interface Block {
  code: boolean;
  /** the word after the fence */
  language: string;
  text: string;
  /** where it starts in the text, with its fence */
  start: number;
  /** where what is said starts in the text */
  at: number;
}

/** About how long stretches of words are, in characters: what grows at its end is not drawn anew as a whole. */
const stretch = 3000;

/** blocks splits a text at its code fences, and long stretches of words at empty lines. Nothing is cut but the fences. */
export function blocks(text: string): Block[] {
  const list: Block[] = [];
  const fence = /^ {0,3}(`{3,}|~{3,})([^\n`]*)\n/gm;
  let at = 0;
  for (let open = fence.exec(text); open; open = fence.exec(text)) {
    const mark = open[1] ?? '```';
    const inside = open.index + open[0].length;
    const close = new RegExp(`^ {0,3}${mark}[${mark[0]}]*[ \\t]*(?:\\n|$)`, 'm').exec(text.slice(inside));
    words(list, text, at, open.index);
    const end = close ? inside + close.index : text.length;
    const language = (open[2] ?? '').trim();
    const said = text.slice(inside, end).replace(/\n$/, '');
    list.push({ code: true, language, text: said, start: open.index, at: inside });
    at = close ? end + close[0].length : text.length;
    fence.lastIndex = at;
  }
  words(list, text, at, text.length);
  return list;
}

function words(list: Block[], text: string, from: number, to: number) {
  let at = from;
  while (at < to) {
    let end = text.indexOf('\n\n', at + stretch);
    end = end < 0 || end + 2 > to ? to : end + 2;
    const said = text.slice(at, end).replace(/\n+$/, '');
    if (said.trim()) list.push({ code: false, language: '', text: said, start: at, at });
    at = end;
  }
}
