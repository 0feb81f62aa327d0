// A text cut where signs begin and end.
import type { go } from '../../api';

interface Piece {
  text: string;
  /** the signs that stand over it */
  signs: go.RulingSign[];
}

const most = 20_000; // letters that are shown
const mostSigns = 200;

/** pieces cuts a text so that each piece has the same signs from its begin to its end; left is what is not shown. */
export function pieces(text: string, signs: readonly go.RulingSign[]): { shown: Piece[]; left: number } {
  const end = Math.min(text.length, most);
  const spans = signs.filter((sign) => sign.end > sign.start && sign.start < end).slice(0, mostSigns);
  const cuts = new Set([0, end]);
  for (const span of spans) {
    cuts.add(span.start);
    cuts.add(Math.min(span.end, end));
  }
  const at = [...cuts].sort((a, b) => a - b);
  const shown: Piece[] = [];
  for (let n = 0; n + 1 < at.length; n++) {
    const [from, to] = [at[n] as number, at[n + 1] as number];
    shown.push({
      text: text.slice(from, to),
      signs: spans.filter((span) => span.start <= from && span.end >= to),
    });
  }
  return { shown, left: text.length - end };
}
