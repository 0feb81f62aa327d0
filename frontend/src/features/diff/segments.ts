import type { go } from '../../api';

/** A run of pieces that belong together: what is the same, or one change (what was removed and what came for it). */
export interface Run {
  /** number of the change from 0; -1 where both have the same */
  change: number;
  pieces: go.DiffSegment[];
}

/** runs joins neighbouring removals and additions to changes, and numbers them from first on. */
export function runs(segments: go.DiffSegment[], first = 0): Run[] {
  const list: Run[] = [];
  let next = first;
  for (const piece of segments) {
    const last = list.at(-1);
    if (piece.change === 'same') list.push({ change: -1, pieces: [piece] });
    else if (last && last.change >= 0) last.pieces.push(piece);
    else list.push({ change: next++, pieces: [piece] });
  }
  return list;
}

/** countRuns is how many changes there are. */
export function countRuns(segments: go.DiffSegment[]): number {
  return runs(segments).filter((run) => run.change >= 0).length;
}

/** One piece of a line in one of two columns. */
export interface Piece {
  text: string;
  changed: boolean;
  moved: boolean;
  change: number;
}

/** Lines that stand beside each other. */
interface Pair {
  left: Piece[];
  right: Piece[];
}

/** pairs lays the pieces out in two columns whose lines meet again wherever both texts have the same line end. */
export function pairs(segments: go.DiffSegment[], first = 0): Pair[] {
  const list: Pair[] = [];
  let left: Piece[] = [];
  let right: Piece[] = [];
  const flush = () => {
    if (left.length || right.length) list.push({ left, right });
    [left, right] = [[], []];
  };
  for (const run of runs(segments, first)) {
    for (const { change, text, moved } of run.pieces) {
      const piece = { text, moved, changed: change !== 'same', change: run.change };
      if (change === 'removed') left.push(piece);
      else if (change === 'added') right.push(piece);
      else {
        for (const line of text.split(/(?<=\n)/)) {
          left.push({ ...piece, text: line });
          right.push({ ...piece, text: line });
          if (line.endsWith('\n')) flush();
        }
      }
    }
  }
  flush();
  return list;
}

/** pattern turns a path into one that holds for every element of its lists: /choices/0/id becomes /choices/✱/id. */
export function pattern(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/*');
}
