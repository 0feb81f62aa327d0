import { IconAlertTriangle, IconBox } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Text } from '../traffic/Text';
import { AssetDetail } from './AssetDetail';
import classes from './Assets.module.css';
import { openTraffic } from './acts';
import { type Column, Grid } from './Grid';
import base from './inventory.module.css';
import { Panes } from './Panes';
import { Chip, Failed, New, RowCount, When } from './parts';
import { useAssets } from './queries';
import { useInventory } from './store';
import { useListFocus } from './useList';
import { useSortedList } from './useSortedList';
import { pulled } from './warnings';
import { assetWord, kindWord, oneAssetWord } from './words';

/** The kinds of asset, in the order in which they are offered. */
const kinds = [
  'model',
  'service',
  'prompt',
  'tool',
  'mcp-tool',
  'mcp-resource',
  'mcp-prompt',
  'key',
  'client',
];

/** Assets are what of an AI system is no endpoint: models, services, prompts, tools, keys, clients. */
export function Assets({ overview }: { overview: go.OverviewOut }) {
  const kind = useInventory((state) => state.kind);
  const open = useInventory((state) => state.asset);
  const { list, focusList } = useListFocus();
  const counts = new Map(overview.assets.map(({ value, n }) => [value, n]));
  const all = overview.assets.reduce((sum, { n }) => sum + n, 0);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={base.subfilter} role="group" aria-label={t('inventory.assets.kinds')}>
        <Chip
          label={t('inventory.assets.all')}
          n={all}
          pressed={kind === ''}
          onPress={() => useInventory.setState({ kind: '' })}
        />
        {kinds
          .filter((each) => (counts.get(each) ?? 0) > 0 || each === kind)
          .map((each) => (
            <Chip
              key={each}
              label={assetWord(each)}
              n={counts.get(each) ?? 0}
              pressed={kind === each}
              onPress={() => useInventory.setState({ kind: kind === each ? '' : each })}
            />
          ))}
      </div>
      <Panes
        first={
          <div ref={list} className={base.fill}>
            <List key={kind} kind={kind} focusList={focusList} />
          </div>
        }
        second={open ? <AssetDetail id={open} onClose={focusList} /> : null}
      />
    </>
  );
}

const orders: Record<string, (a: go.AssetRow, b: go.AssetRow) => number> = {
  kind: (a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name),
  name: (a, b) => a.name.localeCompare(b.name),
  where: (a, b) => (a.provider || a.host).localeCompare(b.provider || b.host),
  versions: (a, b) => a.versions - b.versions,
  warnings: (a, b) => warningsOf(a) - warningsOf(b),
  count: (a, b) => a.count - b.count,
  first: (a, b) => a.first_seen.localeCompare(b.first_seen),
  last: (a, b) => a.last_seen.localeCompare(b.last_seen),
};

const falling: readonly string[] = ['versions', 'warnings', 'count', 'first', 'last'];

function List({ kind, focusList }: { kind: string; focusList(): void }) {
  const { data, error, refetch, isPlaceholderData } = useAssets(kind);
  const open = useInventory((state) => state.asset);
  const items = data?.items ?? none;
  const { here, rows } = useSortedList({
    feature: 'inventory',
    items,
    orders,
    falling,
    open,
    onOpen: (asset) => useInventory.setState({ asset }),
    focusList,
  });
  useCommand('inventory.traffic', () => openTraffic(here?.query ?? ''), rows.cursor >= 0);
  const columns = useMemo(columnsOf, []);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={10} />;
  if (items.length === 0 && !isPlaceholderData) {
    return (
      <EmptyState
        icon={<IconBox size={40} />}
        title={t('inventory.assets.emptyTitle')}
        text={t('inventory.assets.emptyText')}
      />
    );
  }
  return (
    <Grid
      name="assets"
      label={t('inventory.assets.list')}
      columns={columns}
      {...rows}
      spoken={spoken}
      busy={isPlaceholderData}
      onAct={(_, row) => openTraffic(row.query)}
    />
  );
}

const none: go.AssetRow[] = [];

const warningsOf = (row: go.AssetRow) => row.warnings.length + (pulled(row) ? 1 : 0);

function Warnings({ row }: { row: go.AssetRow }) {
  const poisoned = row.warnings.length > 0;
  const key = row.kind === 'key';
  if (!poisoned && !pulled(row)) return null;
  const words = [
    poisoned && (key ? t('inventory.warning.sharedShort') : t('inventory.warning.poisonedShort')),
    pulled(row) && t('inventory.warning.pulledShort'),
  ].filter((word) => word !== false);
  return (
    <span className={classes.warning} title={words.join(', ')} data-bad={(poisoned && !key) || undefined}>
      <IconAlertTriangle size={14} aria-hidden /> <span className={base.cut}>{words.join(', ')}</span>
    </span>
  );
}

function Name({ row }: { row: go.AssetRow }) {
  return (
    <>
      {row.new && <New />}
      <span title={row.description || undefined}>
        <Text text={row.name || row.fingerprint || row.id} />
      </span>
      {row.builtin && <span className={base.tag}>{t('inventory.assets.builtin')}</span>}
      {row.service && <span className={base.tag}>{kindWord(row.service)}</span>}
    </>
  );
}

function Where({ row }: { row: go.AssetRow }) {
  const words = [row.provider, row.host, row.server, row.sdk, row.process].filter(Boolean);
  return (
    <span className={base.dim}>
      <Text text={[...new Set(words)].join(' · ')} />
    </span>
  );
}

const columnsOf = (): Column<go.AssetRow>[] => [
  {
    id: 'kind',
    title: () => t('inventory.column.assetKind'),
    width: 6.5,
    sort: 'kind',
    cell: ({ kind }) => oneAssetWord(kind),
  },
  {
    id: 'name',
    title: () => t('inventory.column.name'),
    width: 14,
    grow: true,
    sort: 'name',
    cell: (row) => <Name row={row} />,
  },
  {
    id: 'where',
    title: () => t('inventory.column.where'),
    width: 11,
    sort: 'where',
    cell: (row) => <Where row={row} />,
  },
  {
    id: 'warnings',
    title: () => t('inventory.column.warnings'),
    width: 12,
    sort: 'warnings',
    cell: (row) => <Warnings row={row} />,
  },
  {
    id: 'versions',
    title: () => t('inventory.column.versions'),
    width: 5,
    end: true,
    sort: 'versions',
    cell: ({ versions }) => (versions > 0 ? formatNumber(versions) : null),
  },
  {
    id: 'count',
    title: () => t('inventory.column.count'),
    width: 4.5,
    end: true,
    sort: 'count',
    cell: ({ count, query }) => <RowCount n={count} query={query} />,
  },
  {
    id: 'first',
    title: () => t('inventory.column.first'),
    width: 5.75,
    end: true,
    sort: 'first',
    cell: ({ first_seen }) => <When at={first_seen} />,
  },
  {
    id: 'last',
    title: () => t('inventory.column.last'),
    width: 5.75,
    end: true,
    sort: 'last',
    cell: ({ last_seen }) => <When at={last_seen} />,
  },
];

function spoken(row: go.AssetRow): string {
  const parts = [
    row.new && t('inventory.new'),
    oneAssetWord(row.kind),
    row.name,
    row.provider,
    row.host,
    row.warnings.length > 0 && t('inventory.warning.poisonedShort'),
    pulled(row) && t('inventory.warning.pulledShort'),
    t('inventory.count.spoken', { n: formatNumber(row.count) }),
  ];
  return parts.filter(Boolean).join(', ');
}
