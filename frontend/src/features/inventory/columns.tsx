import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Text } from '../traffic/Text';
import classes from './columns.module.css';
import type { Column } from './Grid';
import base from './inventory.module.css';
import { New, PathText, Risk, RowCount, When } from './parts';
import { accessWord, authWord, documentedWord, kindWord, whenWord } from './words';

type Row = go.EndpointRow;

function Kind({ row }: { row: Row }) {
  if (row.kind === 'plain' || !row.kind) return <span className={base.dim}>{row.protocol}</span>;
  const model = row.models[0];
  return (
    <span title={row.models.join(', ') || undefined}>
      <span className={classes.kind}>{kindWord(row.kind)}</span>
      {row.provider && (
        <span className={base.dim}>
          {' '}
          <Text text={row.provider} />
        </span>
      )}
      {model && (
        <>
          {' · '}
          <Text text={model} />
        </>
      )}
      {row.models.length > 1 && <span className={base.dim}> +{row.models.length - 1}</span>}
    </span>
  );
}

function Auth({ kinds }: { kinds: string[] }) {
  if (kinds.length === 0) return null;
  const bare = kinds.includes('none');
  return <span data-warn={bare || undefined}>{kinds.map(authWord).join(', ')}</span>;
}

function Path({ row }: { row: Row }) {
  return (
    <span className={classes.path}>
      {row.new && <New />}
      <span className={classes.pathText}>
        <PathText path={row.path} />
        {row.operation && (
          <span className={base.operation}>
            <Text text={row.operation} />
          </span>
        )}
      </span>
      {row.dynamic && <span className={base.tag}>{t('inventory.dynamic')}</span>}
      {row.streamed && <span className={base.tag}>{t('inventory.streamed')}</span>}
    </span>
  );
}

function Sensitive({ types }: { types: string[] }) {
  const [first, ...others] = types;
  if (first === undefined) return null;
  return (
    <span title={types.join(', ')}>
      <Text text={first} />
      {others.length > 0 && <span className={base.dim}> +{others.length}</span>}
    </span>
  );
}

// What was recorded may not say when; only what no exchange is of was never seen.
function Seen({ at, count }: { at: string; count: number }) {
  if (!at && count === 0) return <span className={base.dim}>{t('inventory.never')}</span>;
  return <When at={at} />;
}

/** columnsOf are the columns of the list of endpoints; what documents say only where there are any. */
export function columnsOf(documents: boolean): Column<Row>[] {
  return documents ? columns : columns.filter(({ id }) => id !== 'documented');
}

const columns: Column<Row>[] = [
  {
    id: 'risk',
    title: () => t('inventory.column.risk'),
    width: 5,
    sort: 'risk',
    cell: ({ risk, why }) => <Risk risk={risk} why={why} />,
  },
  {
    id: 'method',
    title: () => t('inventory.column.method'),
    width: 4,
    cell: ({ method }) => (
      <span className={base.mono}>
        <Text text={method} />
      </span>
    ),
  },
  {
    id: 'host',
    title: () => t('inventory.column.host'),
    width: 8.75,
    sort: 'host',
    cell: ({ host }) => <Text text={host} />,
  },
  {
    id: 'path',
    title: () => t('inventory.column.path'),
    width: 14,
    grow: true,
    sort: 'path',
    cell: (row) => <Path row={row} />,
  },
  {
    id: 'kind',
    title: () => t('inventory.column.kind'),
    width: 10.25,
    sort: 'kind',
    cell: (row) => <Kind row={row} />,
  },
  {
    id: 'auth',
    title: () => t('inventory.column.auth'),
    width: 4.5,
    cell: ({ auth }) => <Auth kinds={auth} />,
  },
  {
    id: 'access',
    title: () => t('inventory.column.access'),
    width: 6,
    cell: ({ access }) => (access ? accessWord(access) : null),
  },
  {
    id: 'documented',
    title: () => t('inventory.column.documented'),
    width: 6.75,
    cell: ({ documented }) =>
      documented ? (
        <span data-warn={documented === 'shadow' || undefined}>{documentedWord(documented)}</span>
      ) : null,
  },
  {
    id: 'sensitive',
    title: () => t('inventory.column.sensitive'),
    width: 7.25,
    cell: ({ sensitive }) => <Sensitive types={sensitive} />,
  },
  {
    id: 'count',
    title: () => t('inventory.column.count'),
    width: 4,
    end: true,
    sort: 'count',
    cell: ({ count, query }) => <RowCount n={count} query={query} />,
  },
  {
    id: 'last',
    title: () => t('inventory.column.last'),
    width: 6,
    end: true,
    sort: 'last',
    cell: ({ last_seen, count }) => <Seen at={last_seen} count={count} />,
  },
  {
    id: 'first',
    title: () => t('inventory.column.first'),
    width: 6,
    end: true,
    sort: 'first',
    cell: ({ first_seen, count }) => <Seen at={first_seen} count={count} />,
  },
];

/** spoken is what a screen reader says of an endpoint. */
export function spoken(row: Row): string {
  const parts = [
    row.new && t('inventory.new'),
    `${row.method} ${row.host}${row.path}`,
    row.operation,
    row.risk > 0 && t('inventory.risk.spoken', { n: row.risk, why: row.why }),
    row.kind && kindWord(row.kind),
    row.provider,
    row.models.join(', '),
    row.auth.map(authWord).join(', '),
    row.access && accessWord(row.access),
    row.documented && documentedWord(row.documented),
    row.sensitive.length > 0 && t('inventory.sensitive.spoken', { types: row.sensitive.join(', ') }),
    t('inventory.count.spoken', { n: formatNumber(row.count) }),
    row.last_seen && t('inventory.lastSpoken', { when: whenWord(row.last_seen) }),
  ];
  return parts.filter(Boolean).join(', ');
}
