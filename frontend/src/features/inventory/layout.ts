import type { go } from '../../api';

// Columns of the map, from who asks to what is used in the end.
const columnsOfMap = ['client', 'service', 'model', 'tool'] as const;

const columnOf: Record<string, number> = { client: 0, service: 1, model: 2, tool: 3, 'mcp-tool': 3 };

export const box = { width: 166, height: 28, gap: 7, between: 52, top: 30 };

/** Placed is a node with its place, in pixels. */
export interface Placed {
  node: go.MapNode;
  column: number;
  row: number;
  x: number;
  y: number;
}

/** Drawn is an arrow as an SVG path. */
export interface Drawn {
  from: string;
  to: string;
  count: number;
  path: string;
  width: number;
}

export interface Layout {
  nodes: Placed[];
  edges: Drawn[];
  width: number;
  height: number;
  /** kinds of the columns that have nodes, from left to right */
  kinds: string[];
}

// Nodes move to the middle of their neighbours a few times: arrows cross less.
const ROUNDS = 4;

/** layout puts nodes into columns by what they are, and draws the arrows between them. */
export function layout({ nodes, edges }: Pick<go.MapOut, 'nodes' | 'edges'>): Layout {
  const all: go.MapNode[][] = columnsOfMap.map(() => []);
  for (const node of nodes) all[columnOf[node.kind] ?? 3]?.push(node);
  const columns = all.filter(({ length }) => length > 0);
  for (const column of columns) column.sort((a, b) => b.count - a.count);
  const near = new Map<string, string[]>();
  for (const { from, to } of edges) {
    near.set(from, [...(near.get(from) ?? []), to]);
    near.set(to, [...(near.get(to) ?? []), from]);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const place = places(columns);
    for (const column of round % 2 === 0 ? columns : [...columns].reverse()) settle(column, near, place);
  }
  const tops = heights(columns, near);
  const placed = columns.flatMap((column, at) =>
    column.map((node, row): Placed => {
      const y = box.top + (tops.get(node.id) ?? 0);
      return { node, column: at, row, x: at * (box.width + box.between), y };
    }),
  );
  const byId = new Map(placed.map((each) => [each.node.id, each]));
  return {
    nodes: placed,
    edges: draw(edges, byId),
    width: Math.max(0, columns.length * (box.width + box.between) - box.between),
    height: Math.max(0, ...placed.map(({ y }) => y)) + step,
    kinds: columnsOfMap.filter((_, at) => (all[at]?.length ?? 0) > 0),
  };
}

const step = box.height + box.gap;

// The longest column is filled from the top; the nodes of the others stand where their neighbours are.
function heights(columns: go.MapNode[][], near: Map<string, string[]>): Map<string, number> {
  const tops = new Map<string, number>();
  const longest = columns.reduce(
    (best, { length }, at) => (length > (columns[best]?.length ?? 0) ? at : best),
    0,
  );
  const order = columns.map((_, at) => at).sort((a, b) => Math.abs(a - longest) - Math.abs(b - longest));
  for (const at of order) {
    const column = columns[at] ?? [];
    const wished = column.map(({ id }, row) => {
      const known = (near.get(id) ?? []).map((other) => tops.get(other)).filter((top) => top !== undefined);
      return { id, top: known.length > 0 ? mean(known) : at === longest ? row * step : Number.NaN };
    });
    const last = Math.max(0, ...tops.values()) + step;
    const known = wished.map(({ id, top }) => ({ id, top: Number.isNaN(top) ? last : top }));
    known.sort((a, b) => a.top - b.top);
    apart(known.map(({ top }) => top)).forEach((top, row) => {
      const id = known[row]?.id ?? '';
      tops.set(id, top);
    });
    column.sort((a, b) => (tops.get(a.id) ?? 0) - (tops.get(b.id) ?? 0));
  }
  return tops;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

// As near to what is wished, in its order, as a step between two allows: neighbours that are too near share their mean.
function apart(wished: number[]): number[] {
  const blocks: { sum: number; n: number }[] = [];
  wished.forEach((top, row) => {
    let block = { sum: top - row * step, n: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.n >= block.sum / block.n; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, n: block.n + last.n };
      blocks.pop();
    }
    blocks.push(block);
  });
  const tops = blocks.flatMap(({ sum, n }) => Array.from({ length: n }, () => sum / n));
  const above = Math.min(0, ...tops);
  return tops.map((top, row) => top - above + row * step);
}

// Where a node is in its column, from 0 to 1.
function places(columns: go.MapNode[][]): Map<string, number> {
  const place = new Map<string, number>();
  for (const column of columns) {
    column.forEach((node, row) => {
      place.set(node.id, (row + 0.5) / column.length);
    });
  }
  return place;
}

function settle(column: go.MapNode[], near: Map<string, string[]>, place: Map<string, number>): void {
  const middle = new Map<string, number>();
  for (const { id } of column) {
    const known = (near.get(id) ?? []).map((other) => place.get(other)).filter((at) => at !== undefined);
    const sum = known.reduce((total, at) => total + at, 0);
    middle.set(id, known.length > 0 ? sum / known.length : (place.get(id) ?? 0));
  }
  column.sort((a, b) => (middle.get(a.id) ?? 0) - (middle.get(b.id) ?? 0));
  column.forEach((node, row) => {
    place.set(node.id, (row + 0.5) / column.length);
  });
}

function draw(edges: go.MapEdge[], byId: Map<string, Placed>): Drawn[] {
  const most = Math.max(1, ...edges.map(({ count }) => count));
  const drawn: Drawn[] = [];
  for (const { from, to, count } of edges) {
    const [a, b] = [byId.get(from), byId.get(to)];
    if (!a || !b) continue;
    const [x1, y1] = [a.x + box.width, a.y + box.height / 2];
    const [x2, y2] = [b.x, b.y + box.height / 2];
    const bend = Math.max(28, Math.abs(x2 - x1) / 2);
    drawn.push({
      from,
      to,
      count,
      path: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`,
      width: 1 + (5 * Math.log1p(count)) / Math.log1p(most),
    });
  }
  return drawn;
}
