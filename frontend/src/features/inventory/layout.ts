import type { go } from '../../api';

// Columns of the map, from who asks to what is used in the end.
const columnsOfMap = ['client', 'service', 'model', 'tool'] as const;

const columnOf: Record<string, number> = { client: 0, service: 1, model: 2, tool: 3, 'mcp-tool': 3 };

export const box = { width: 190, height: 38, gap: 10, between: 110, top: 34 };

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
  const height = Math.max(1, ...columns.map(({ length }) => length)) * (box.height + box.gap) + box.top;
  const placed = columns.flatMap((column, at) => put(column, at, height));
  const byId = new Map(placed.map((each) => [each.node.id, each]));
  return {
    nodes: placed,
    edges: draw(edges, byId),
    width: columns.length * (box.width + box.between) - box.between,
    height,
    kinds: columnsOfMap.filter((_, at) => (all[at]?.length ?? 0) > 0),
  };
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

function put(column: go.MapNode[], at: number, height: number): Placed[] {
  const own = column.length * (box.height + box.gap);
  const start = box.top + Math.max(0, (Math.min(height, 1_200) - box.top - own) / 2);
  return column.map((node, row) => ({
    node,
    column: at,
    row,
    x: at * (box.width + box.between),
    y: start + row * (box.height + box.gap),
  }));
}

function draw(edges: go.MapEdge[], byId: Map<string, Placed>): Drawn[] {
  const most = Math.max(1, ...edges.map(({ count }) => count));
  const drawn: Drawn[] = [];
  for (const { from, to, count } of edges) {
    const [a, b] = [byId.get(from), byId.get(to)];
    if (!a || !b) continue;
    const [x1, y1] = [a.x + box.width, a.y + box.height / 2];
    const [x2, y2] = [b.x, b.y + box.height / 2];
    const bend = Math.max(40, Math.abs(x2 - x1) / 2);
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
