import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDuration, formatNumber } from '../../i18n/format';
import { Severity, severityRank, severityWord } from '../findings/parts';
import type { Column } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { RowCount, When } from '../inventory/parts';
import { whenWord } from '../inventory/words';
import { Text } from '../traffic/Text';
import { State } from './parts';
import { stateWord } from './words';

type Row = go.ModelRow;

const words = (a: string, b: string) => a.localeCompare(b);

/** orders are what the list can be sorted by. */
export const orders: Record<string, (a: Row, b: Row) => number> = {
  name: (a, b) => words(a.name, b.name),
  provider: (a, b) => words(a.provider, b.provider) || words(a.name, b.name),
  host: (a, b) => words(a.host, b.host),
  state: (a, b) => words(a.state, b.state),
  worst: (a, b) => severityRank(b.worst) - severityRank(a.worst) || a.findings - b.findings,
  count: (a, b) => a.count - b.count,
  tokens: (a, b) => a.tokens - b.tokens,
  last: (a, b) => words(a.last_seen || a.tried, b.last_seen || b.tried),
};

/** falling are the orders that begin with the largest. */
export const falling: readonly string[] = ['worst', 'count', 'tokens', 'last'];

function Several({ values }: { values: readonly string[] }) {
  const [first, ...others] = values;
  if (first === undefined) return null;
  return (
    <span title={values.join(', ')}>
      <Text text={first} />
      {others.length > 0 && <span className={base.dim}> +{formatNumber(others.length)}</span>}
    </span>
  );
}

function Name({ row }: { row: Row }) {
  return (
    <>
      <Text text={row.name || row.model || row.host} />
      {row.model && !row.name.includes(row.model) && (
        <span className={base.dim}>
          {' '}
          <Text text={row.model} />
        </span>
      )}
      {row.kind !== 'llm' && <span className={base.tag}>{t('models.backend')}</span>}
    </>
  );
}

function Worst({ row }: { row: Row }) {
  if (!row.worst) {
    return row.state === 'tested' ? <span className={base.dim}>{t('models.noFindings')}</span> : null;
  }
  return (
    <>
      <Severity severity={row.worst} />{' '}
      <button type="button" tabIndex={-1} data-do="findings" className={base.link}>
        {formatNumber(row.findings)}
      </button>
    </>
  );
}

export const columns: Column<Row>[] = [
  {
    id: 'state',
    title: () => t('models.column.state'),
    width: 6.5,
    sort: 'state',
    cell: (row) => <State row={row} />,
  },
  {
    id: 'name',
    title: () => t('models.column.name'),
    width: 12,
    grow: true,
    sort: 'name',
    cell: (row) => <Name row={row} />,
  },
  {
    id: 'provider',
    title: () => t('models.column.provider'),
    width: 6,
    sort: 'provider',
    cell: ({ provider }) => <Text text={provider} />,
  },
  {
    id: 'host',
    title: () => t('models.column.host'),
    width: 9.5,
    sort: 'host',
    cell: ({ host }) => <Text text={host} />,
  },
  {
    id: 'worst',
    title: () => t('models.column.worst'),
    width: 7,
    sort: 'worst',
    cell: (row) => <Worst row={row} />,
  },
  {
    id: 'clients',
    title: () => t('models.column.clients'),
    width: 6.5,
    cell: ({ clients }) => <Several values={clients} />,
  },
  {
    id: 'tools',
    title: () => t('models.column.tools'),
    width: 4,
    end: true,
    cell: ({ tools }) =>
      tools.length > 0 ? <span title={tools.join(', ')}>{formatNumber(tools.length)}</span> : null,
  },
  {
    id: 'keys',
    title: () => t('models.column.keys'),
    width: 5.5,
    cell: ({ keys }) => <Several values={keys} />,
  },
  {
    id: 'count',
    title: () => t('models.column.count'),
    width: 5,
    end: true,
    sort: 'count',
    cell: ({ count, query }) => (count > 0 ? <RowCount n={count} query={query} /> : null),
  },
  {
    id: 'tokens',
    title: () => t('models.column.tokens'),
    width: 5,
    end: true,
    sort: 'tokens',
    cell: ({ tokens }) => (tokens > 0 ? formatNumber(tokens) : null),
  },
  {
    id: 'latency',
    title: () => t('models.column.latency'),
    width: 5,
    end: true,
    cell: ({ latency_ms: ms }) => (ms > 0 ? formatDuration(ms) : null),
  },
  {
    id: 'last',
    title: () => t('models.column.last'),
    width: 5.75,
    end: true,
    sort: 'last',
    cell: ({ last_seen: last, tried }) => <When at={last || tried} />,
  },
];

/** spoken is a row in words. */
export function spoken(row: Row): string {
  const parts = [
    stateWord(row.state),
    row.name || row.model || row.host,
    row.provider,
    row.host,
    row.status === 'failed' && t('models.failed'),
    row.worst && t('models.spoken.worst', { severity: severityWord(row.worst), n: row.findings }),
    row.count > 0 && t('models.spoken.count', { n: row.count }),
    row.last_seen && t('models.spoken.last', { when: whenWord(row.last_seen) }),
  ];
  return parts.filter(Boolean).join(', ');
}
