/** Selection is which lines are chosen, and the one the keyboard is at. */
export interface Selection {
  /** index of the line the keyboard is at; -1 for none */
  cursor: number;
  /** its key; empty while its page is on the way */
  key: string;
  /** where a range begins */
  anchor: number;
  /** keys of the chosen lines */
  picked: ReadonlySet<string>;
}

export const none: Selection = { cursor: -1, key: '', anchor: -1, picked: new Set() };

/** most lines that are chosen together */
export const MOST = 5_000;

/** single chooses one line. */
export function single(index: number, key: string): Selection {
  return { cursor: index, key, anchor: index, picked: key ? new Set([key]) : new Set() };
}

/** toggled adds a line to what is chosen, or takes it away. */
export function toggled(s: Selection, index: number, key: string): Selection {
  const picked = new Set(s.picked);
  if (!picked.delete(key)) picked.add(key);
  return { cursor: index, key, anchor: index, picked };
}

/** span is the range from the anchor to a line, cut to MOST lines nearest to it. */
export function span(s: Selection, index: number): { first: number; end: number } {
  const anchor = s.anchor < 0 ? index : s.anchor;
  if (index >= anchor) return { first: Math.max(anchor, index - MOST + 1), end: index + 1 };
  return { first: index, end: Math.min(anchor + 1, index + MOST) };
}

/** ranged chooses the lines of a span; keys are theirs, in order. */
export function ranged(s: Selection, index: number, keys: string[]): Selection {
  const anchor = s.anchor < 0 ? index : s.anchor;
  const key = (index >= anchor ? keys.at(-1) : keys[0]) ?? '';
  return { cursor: index, key, anchor, picked: new Set(keys) };
}

/** step is where a key of movement leads from the cursor; undefined when it is no such key. */
export function step(key: string, cursor: number, count: number, page: number): number | undefined {
  const to = {
    ArrowDown: cursor + 1,
    ArrowUp: cursor < 0 ? count - 1 : cursor - 1,
    PageDown: cursor + page,
    PageUp: cursor < 0 ? count - 1 : cursor - page,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}
