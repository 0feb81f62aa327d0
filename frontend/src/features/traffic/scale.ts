// Where rows are on a scrolled surface. Browser engines stop near 33.5 million pixels: beyond MAX_HEIGHT the surface
// stays that high and one pixel of it stands for more than one pixel of rows.

export const MAX_HEIGHT = 30_000_000;

export interface Geometry {
  /** rows in all */
  count: number;
  /** height of a row, in pixels */
  row: number;
  /** height of the part that is seen, in pixels */
  viewport: number;
}

/** surface is the height of the scrolled element. */
export function surface({ count, row }: Geometry): number {
  return Math.min(count * row, MAX_HEIGHT);
}

// How many pixels of rows one pixel of the surface stands for: 1 until the surface is full.
function ratio(g: Geometry): number {
  const way = surface(g) - g.viewport;
  return way <= 0 ? 1 : (g.count * g.row - g.viewport) / way;
}

/** offsetAt is how far down the rows one is at a place of the scroll bar. */
export function offsetAt(scrollTop: number, g: Geometry): number {
  const last = Math.max(0, g.count * g.row - g.viewport);
  return Math.min(last, Math.max(0, scrollTop * ratio(g)));
}

/** scrollFor is the place of the scroll bar for an offset into the rows: the inverse of offsetAt. */
export function scrollFor(offset: number, g: Geometry): number {
  const last = Math.max(0, g.count * g.row - g.viewport);
  return Math.min(last, Math.max(0, offset)) / ratio(g);
}

export interface Range {
  first: number;
  /** one past the last */
  end: number;
}

/** rangeAt gives the rows to draw at an offset, with some more on both sides. */
export function rangeAt(offset: number, g: Geometry, more = 6): Range {
  const first = Math.max(0, Math.floor(offset / g.row) - more);
  const end = Math.min(g.count, Math.ceil((offset + g.viewport) / g.row) + more);
  return { first: Math.min(first, end), end };
}

/** reveal is the smallest move that brings a row wholly into view; the offset itself when it is there already. */
export function reveal(index: number, offset: number, g: Geometry): number {
  const top = index * g.row;
  if (top < offset) return top;
  if (top + g.row > offset + g.viewport) return top + g.row - g.viewport;
  return offset;
}

/** atEnd tells whether the last row is seen, give or take half of it. */
export function atEnd(offset: number, g: Geometry): boolean {
  return offset + g.viewport >= g.count * g.row - g.row / 2;
}

/** inSight tells whether any part of a row is seen. */
export function inSight(index: number, offset: number, g: Geometry): boolean {
  return index >= 0 && (index + 1) * g.row > offset && index * g.row < offset + g.viewport;
}
