import { Button, SegmentedControl, Table } from '@mantine/core';
import { IconAlertTriangle, IconSitemap } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import type { go } from '../../api';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { openAsset, openTraffic } from './acts';
import classes from './CallMap.module.css';
import base from './inventory.module.css';
import { box, layout, type Placed } from './layout';
import { Count, Failed, Nothing } from './parts';
import { useMap } from './queries';
import { useInventory } from './store';
import { accessWord, assetWord, kindWord, oneAssetWord } from './words';

/** CallMap is who calls what: client, service, model, tool, from left to right. */
export function CallMap() {
  const { data, error, refetch } = useMap();
  const table = useInventory((state) => state.table);
  const chosen = useInventory((state) => state.node);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={10} />;
  if (data.nodes.length === 0) {
    return (
      <EmptyState
        icon={<IconSitemap size={40} />}
        title={t('inventory.map.emptyTitle')}
        text={t('inventory.map.emptyText')}
      />
    );
  }
  return (
    <div className={base.column}>
      <div className={base.subfilter}>
        <SegmentedControl
          aria-label={t('inventory.map.mode')}
          value={table ? 'table' : 'map'}
          onChange={(value) => useInventory.setState({ table: value === 'table' })}
          data={[
            { value: 'map', label: t('inventory.map.drawing') },
            { value: 'table', label: t('inventory.map.table') },
          ]}
        />
        <span className={base.dim}>
          {t('inventory.map.size', { nodes: data.nodes.length, edges: data.edges.length })}
        </span>
        {!data.nodes.some(({ id }) => id === chosen) && (
          <span className={base.dim}>{t('inventory.map.choose')}</span>
        )}
        {data.left > 0 && <span className={base.dim}>{t('inventory.map.left', { n: data.left })}</span>}
      </div>
      <div className={base.sides}>
        {table ? <Edges map={data} /> : <Drawing map={data} />}
        <Chosen map={data} />
      </div>
    </div>
  );
}

const choose = (node: string) => useInventory.setState({ node });

function Drawing({ map }: { map: go.MapOut }) {
  const drawn = useMemo(() => layout(map), [map]);
  const chosen = useInventory((state) => state.node);
  const holder = useRef<HTMLDivElement>(null);
  const here = drawn.nodes.find(({ node }) => node.id === chosen);
  const first = here ?? drawn.nodes[0];
  const alike = useMemo(() => alikeOf(map.nodes), [map]);
  const touched = useMemo(() => {
    const ids = new Set([chosen]);
    for (const { from, to } of map.edges) {
      if (from === chosen) ids.add(to);
      if (to === chosen) ids.add(from);
    }
    return ids;
  }, [map, chosen]);
  const press = (event: KeyboardEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-node]')?.dataset.node;
    const from = drawn.nodes.find(({ node }) => node.id === id);
    if (event.key === 'Escape' && chosen) {
      choose('');
      return;
    }
    const to = from && neighbour(event.key, from, drawn.nodes);
    if (!to) return;
    event.preventDefault();
    for (const button of holder.current?.querySelectorAll<HTMLElement>('[data-node]') ?? []) {
      if (button.dataset.node === to.node.id) button.focus();
    }
  };
  return (
    <div className={classes.mapScroll} data-pane="inventory-map">
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div
        ref={holder}
        role="group"
        aria-label={t('inventory.map.label')}
        className={classes.map}
        style={{ width: drawn.width, height: drawn.height }}
        onKeyDown={press}
      >
        <svg width={drawn.width} height={drawn.height} className={classes.edges} aria-hidden>
          <title>{t('inventory.map.label')}</title>
          {drawn.edges.map(({ from, to, path, width }) => (
            <path
              key={`${from} ${to}`}
              d={path}
              strokeWidth={width}
              data-on={from === chosen || to === chosen || undefined}
              data-off={(here && from !== chosen && to !== chosen) || undefined}
            />
          ))}
        </svg>
        {drawn.kinds.map((kind, at) => (
          <h2
            key={kind}
            className={classes.mapHead}
            style={{ insetInlineStart: at * (box.width + box.between), width: box.width }}
          >
            {assetWord(kind)}
          </h2>
        ))}
        {drawn.nodes.map((placed) => (
          <Node
            key={placed.node.id}
            placed={placed}
            chosen={placed.node.id === chosen}
            off={here !== undefined && !touched.has(placed.node.id)}
            reachable={placed === first}
            alike={alike.has(placed.node.id)}
          />
        ))}
      </div>
    </div>
  );
}

// Services of one host: what sort of service each is tells them apart.
function alikeOf(nodes: go.MapNode[]): Set<string> {
  const services = nodes.filter(({ service }) => service !== '');
  const times = new Map<string, number>();
  for (const { name } of services) times.set(name, (times.get(name) ?? 0) + 1);
  return new Set(services.filter(({ name }) => (times.get(name) ?? 0) > 1).map(({ id }) => id));
}

// Up and down in a column, left and right to the node at the same height.
function neighbour(key: string, from: Placed, nodes: Placed[]): Placed | undefined {
  const down = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (down) return nodes.find(({ column, row }) => column === from.column && row === from.row + down);
  const right = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (!right) return undefined;
  const there = nodes.filter(({ column }) => column === from.column + right);
  there.sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y));
  return there[0];
}

interface NodeProps {
  placed: Placed;
  chosen: boolean;
  off: boolean;
  reachable: boolean;
  /** another service has the same name */
  alike: boolean;
}

function Node({ placed: { node, x, y }, chosen, off, reachable, alike }: NodeProps) {
  return (
    <button
      type="button"
      className={classes.node}
      data-node={node.id}
      data-kind={node.kind}
      data-off={off || undefined}
      aria-pressed={chosen}
      tabIndex={reachable ? 0 : -1}
      style={{ insetInlineStart: x, top: y, width: box.width, height: box.height }}
      title={node.name}
      onClick={() => choose(chosen ? '' : node.id)}
    >
      {node.warnings > 0 && (
        <IconAlertTriangle
          size={14}
          role="img"
          aria-label={t('inventory.map.warnings', { n: node.warnings })}
          className={classes.nodeWarning ?? ''}
        />
      )}
      <span className={classes.nodeName}>
        <Visible text={node.name || node.id} />
      </span>
      {alike && <span className={classes.nodeKind}>{kindWord(node.service)}</span>}
      <span className={base.dim}>{formatNumber(node.count)}</span>
    </button>
  );
}

interface LinkOf {
  other: go.MapNode;
  count: number;
  query: string;
}

/** both selects the exchanges of an arrow: those of both its ends. */
const both = (a: go.MapNode | undefined, b: go.MapNode | undefined): string =>
  a?.query && b?.query ? `(${a.query}) and (${b.query})` : '';

function linksOf(map: go.MapOut, id: string): { from: LinkOf[]; to: LinkOf[] } {
  const byId = new Map(map.nodes.map((node) => [node.id, node]));
  const link = (other: string, count: number): LinkOf[] => {
    const node = byId.get(other);
    return node ? [{ other: node, count, query: both(byId.get(id), node) }] : [];
  };
  const byCount = (a: LinkOf, b: LinkOf) => b.count - a.count;
  return {
    from: map.edges.flatMap((edge) => (edge.to === id ? link(edge.from, edge.count) : [])).sort(byCount),
    to: map.edges.flatMap((edge) => (edge.from === id ? link(edge.to, edge.count) : [])).sort(byCount),
  };
}

function Chosen({ map }: { map: go.MapOut }) {
  const chosen = useInventory((state) => state.node);
  const node = map.nodes.find(({ id }) => id === chosen);
  const links = useMemo(() => linksOf(map, chosen), [map, chosen]);
  if (!node) return null;
  return (
    <aside className={classes.mapSide} data-pane="inventory-node" aria-label={t('inventory.map.chosen')}>
      <h2 className={classes.mapTitle}>
        <span className={base.dim}>{oneAssetWord(node.kind)}</span> <Visible text={node.name} />
      </h2>
      <p className={base.paragraph}>
        {[node.service && kindWord(node.service), node.access && accessWord(node.access)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div className={classes.mapActs}>
        <Button size="compact-sm" disabled={!node.query} onClick={() => openTraffic(node.query)}>
          {t('inventory.map.traffic', { n: node.count })}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => openAsset(node.id)}>
          {t('inventory.map.open')}
        </Button>
      </div>
      <Links title={t('inventory.part.from')} links={links.from} none={t('inventory.links.noFrom')} />
      <Links title={t('inventory.part.to')} links={links.to} none={t('inventory.links.noTo')} />
    </aside>
  );
}

function Links({ title, links, none }: { title: string; links: LinkOf[]; none: string }) {
  return (
    <>
      <h3 className={base.sideHead}>{title}</h3>
      {links.length === 0 && <Nothing>{none}</Nothing>}
      <ul className={base.links}>
        {links.map(({ other, count, query }) => (
          <li key={other.id}>
            <span className={base.dim}>{oneAssetWord(other.kind)}</span>{' '}
            <button type="button" className={base.link} onClick={() => choose(other.id)}>
              <Visible text={other.name || other.id} />
            </button>{' '}
            × <Count n={count} query={query} />
          </li>
        ))}
      </ul>
    </>
  );
}

// The same as a table: every arrow is a line.
function Edges({ map }: { map: go.MapOut }) {
  const byId = useMemo(() => new Map(map.nodes.map((node) => [node.id, node])), [map]);
  const chosen = useInventory((state) => state.node);
  const edges = useMemo(() => [...map.edges].sort((a, b) => b.count - a.count), [map]);
  const cell = (node: go.MapNode | undefined) =>
    node && (
      <>
        <span className={base.dim}>{oneAssetWord(node.kind)}</span>{' '}
        <button type="button" className={base.link} onClick={() => choose(node.id)}>
          <Visible text={node.name || node.id} />
        </button>{' '}
        <Count n={node.count} query={node.query} />
      </>
    );
  return (
    <div className={classes.mapScroll} data-pane="inventory-map">
      <Table className={base.table ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('inventory.map.from')}</Table.Th>
            <Table.Th>{t('inventory.map.to')}</Table.Th>
            <Table.Th ta="end">{t('inventory.map.count')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {edges.map(({ from, to, count }) => (
            <Table.Tr key={`${from} ${to}`} data-on={from === chosen || to === chosen || undefined}>
              <Table.Td>{cell(byId.get(from))}</Table.Td>
              <Table.Td>{cell(byId.get(to))}</Table.Td>
              <Table.Td ta="end">
                <Count n={count} query={both(byId.get(from), byId.get(to))} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
