import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Text } from '../traffic/Text';
import type { Column } from './Grid';
import classes from './inventory.module.css';
import { New, PathText, Risk, RowCount, When } from './parts';
import { accessWord, authWord, documentedWord, kindWord, whenWord } from './words';

type Row = go.EndpointRow;

function Kind({ row }: { row: Row }) {
  if (row.kind === 'plain' || !row.kind) return <span className={classes.dim}>{row.protocol}</span>;
  const model = row.models[0];
  return (
    <span title={row.models.join(', ') || undefined}>
      <span className={classes.kind}>{kindWord(row.kind)}</span>
      {row.provider && (
        <span className={classes.dim}>
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
      {row.models.length > 1 && <span className={classes.dim}> +{row.models.length - 1}</span>}
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
    <span className={classes.mono}>
      {row.new && <New />}
      <PathText path={row.path} />
      {row.operation && (
        <span className={classes.operation}>
          <Text text={row.operation} />
        </span>
      )}
      {row.dynamic && <span className={classes.tag}>{t('inventory.dynamic')}</span>}
      {row.streamed && <span className={classes.tag}>{t('inventory.streamed')}</span>}
    </span>
  );
}

function Sensitive({ types }: { types: string[] }) {
  const [first, ...others] = types;
  if (first === undefined) return null;
  return (
    <span title={types.join(', ')}>
      <Text text={first} />
      {others.length > 0 && <span className={classes.dim}> +{others.length}</span>}
    </span>
  );
}

/** columns of the list of endpoints. */
export const columns: Column<Row>[] = [
  {
    id: 'risk',
    title: () => t('inventory.column.risk'),
    width: 5.5,
    sort: 'risk',
    cell: ({ risk, why }) => <Risk risk={risk} why={why} />,
  },
  {
    id: 'method',
    title: () => t('inventory.column.method'),
    width: 4.5,
    cell: ({ method }) => (
      <span className={classes.mono}>
        <Text text={method} />
      </span>
    ),
  },
  {
    id: 'host',
    title: () => t('inventory.column.host'),
    width: 11,
    sort: 'host',
    cell: ({ host }) => <Text text={host} />,
  },
  {
    id: 'path',
    title: () => t('inventory.column.path'),
    width: 18,
    grow: true,
    sort: 'path',
    cell: (row) => <Path row={row} />,
  },
  {
    id: 'kind',
    title: () => t('inventory.column.kind'),
    width: 13,
    sort: 'kind',
    cell: (row) => <Kind row={row} />,
  },
  {
    id: 'auth',
    title: () => t('inventory.column.auth'),
    width: 7,
    cell: ({ auth }) => <Auth kinds={auth} />,
  },
  {
    id: 'access',
    title: () => t('inventory.column.access'),
    width: 6.5,
    cell: ({ access }) => (access ? accessWord(access) : null),
  },
  {
    id: 'documented',
    title: () => t('inventory.column.documented'),
    width: 7,
    cell: ({ documented }) =>
      documented ? (
        <span data-warn={documented === 'shadow' || undefined}>{documentedWord(documented)}</span>
      ) : null,
  },
  {
    id: 'sensitive',
    title: () => t('inventory.column.sensitive'),
    width: 9,
    cell: ({ sensitive }) => <Sensitive types={sensitive} />,
  },
  {
    id: 'count',
    title: () => t('inventory.column.count'),
    width: 5,
    end: true,
    sort: 'count',
    cell: ({ count, query }) => <RowCount n={count} query={query} />,
  },
  {
    id: 'first',
    title: () => t('inventory.column.first'),
    width: 7,
    end: true,
    sort: 'first',
    cell: ({ first_seen }) => <When at={first_seen} />,
  },
  {
    id: 'last',
    title: () => t('inventory.column.last'),
    width: 7,
    end: true,
    sort: 'last',
    cell: ({ last_seen }) => <When at={last_seen} />,
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
