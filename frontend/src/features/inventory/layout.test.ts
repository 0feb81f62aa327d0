import { expect, test } from 'vitest';
import type { go } from '../../api';
import { box, layout } from './layout';

const node = (id: string, kind: string): go.MapNode => ({
  id,
  kind,
  name: id,
  service: '',
  access: '',
  count: 1,
  query: '',
  warnings: 0,
});

const edge = (from: string, to: string, count = 1): go.MapEdge => ({ from, to, count });

// Three services with four models each, of which the last has forty tools.
function three(): go.MapOut {
  const nodes = [node('c', 'client')];
  const edges: go.MapEdge[] = [];
  for (const s of ['a', 'b', 'd']) {
    nodes.push(node(s, 'service'));
    edges.push(edge('c', s));
    for (let n = 0; n < 4; n++) {
      nodes.push(node(`${s}${n}`, 'model'));
      edges.push(edge(s, `${s}${n}`, n + 1));
    }
  }
  for (let n = 0; n < 40; n++) {
    nodes.push(node(`t${n}`, n % 2 ? 'tool' : 'mcp-tool'));
    edges.push(edge('d3', `t${n}`));
  }
  return { nodes, edges, left: 0 };
}

test('kinds stand in columns, and no node lies over another', () => {
  const drawn = layout(three());
  expect(drawn.kinds).toEqual(['client', 'service', 'model', 'tool']);
  expect(drawn.nodes).toHaveLength(56);
  for (let column = 0; column < 4; column++) {
    const tops = drawn.nodes.filter((each) => each.column === column).map(({ y }) => y);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    for (let n = 1; n < tops.length; n++) {
      expect((tops[n] ?? 0) - (tops[n - 1] ?? 0)).toBeGreaterThanOrEqual(box.height + box.gap - 0.001);
    }
    expect(Math.min(...tops)).toBeGreaterThanOrEqual(box.top);
    expect(Math.max(...tops) + box.height).toBeLessThanOrEqual(drawn.height);
  }
});

test('what has to do with each other stands together', () => {
  const { nodes } = layout(three());
  const top = (id: string) => nodes.find((each) => each.node.id === id)?.y ?? Number.NaN;
  const tools = nodes.filter(({ column }) => column === 3).map(({ y }) => y);
  expect(top('d3')).toBeGreaterThan(Math.min(...tools));
  expect(top('d3')).toBeLessThan(Math.max(...tools));
});

test('thicker arrows count more, arrows to what was left out are not drawn, and nothing is nothing', () => {
  const { edges } = layout({
    nodes: [node('s', 'service'), node('m', 'model'), node('n', 'model')],
    edges: [edge('s', 'm', 100), edge('s', 'n', 1), edge('gone', 'm', 5)],
  });
  expect(edges).toHaveLength(2);
  expect(edges[0]?.width).toBeGreaterThan(edges[1]?.width ?? 0);
  expect(layout({ nodes: [], edges: [] })).toEqual({ nodes: [], edges: [], width: 0, height: 35, kinds: [] });
});
