import { IconNote } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import type { Column } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { When } from '../inventory/parts';
import { whenWord } from '../inventory/words';
import { Text } from '../traffic/Text';
import { Severity, State, severityWord, stateWord } from './parts';

type Row = go.FindingRow;

/** falling are the orders that begin with the largest when they are pressed first. */
export const falling: readonly string[] = ['severity', 'last', 'first', 'count'];

export const columns: Column<Row>[] = [
  {
    id: 'severity',
    title: () => t('findings.column.severity'),
    width: 6,
    sort: 'severity',
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: 'title',
    title: () => t('findings.column.title'),
    width: 16,
    grow: true,
    sort: 'title',
    cell: ({ title, noted }) => (
      <>
        <Text text={title} />
        {noted && <IconNote size={13} role="img" aria-label={t('findings.noted')} />}
      </>
    ),
  },
  {
    id: 'target',
    title: () => t('findings.column.target'),
    width: 11,
    sort: 'target',
    cell: ({ target, target_name: name }) => <Text text={name || target} />,
  },
  {
    id: 'owasp',
    title: () => t('findings.column.owasp'),
    width: 6,
    cell: ({ owasp }) => <span title={owasp.join(', ')}>{owasp.map(short).join(', ')}</span>,
  },
  {
    id: 'source',
    title: () => t('findings.column.source'),
    width: 4.5,
    cell: ({ source }) => (
      <span className={base.dim}>{t('findings.word.source', { source, raw: source })}</span>
    ),
  },
  {
    id: 'count',
    title: () => t('findings.column.count'),
    width: 4.5,
    end: true,
    sort: 'count',
    cell: ({ count }) => formatNumber(count),
  },
  {
    id: 'first',
    title: () => t('findings.column.first'),
    width: 5.75,
    end: true,
    sort: 'first',
    cell: ({ first_seen: at }) => <When at={at} />,
  },
  {
    id: 'last',
    title: () => t('findings.column.last'),
    width: 5.75,
    end: true,
    sort: 'last',
    cell: ({ last_seen: at }) => <When at={at} />,
  },
  {
    id: 'state',
    title: () => t('findings.column.state'),
    width: 8,
    sort: 'state',
    cell: ({ state }) => <State state={state} />,
  },
];

/** short is an id of the OWASP list without its year. */
export const short = (id: string): string => id.split(':')[0] ?? id;

/** spoken is a row in words. */
export function spoken(row: Row): string {
  return [
    severityWord(row.severity),
    row.title,
    row.target_name || row.target,
    stateWord(row.state),
    t('findings.spoken.count', { n: row.count }),
    t('findings.spoken.last', { when: whenWord(row.last_seen) }),
  ].join(', ');
}
