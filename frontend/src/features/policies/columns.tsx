import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime, formatDuration, formatNumber } from '../../i18n/format';
import type { Column } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { When } from '../inventory/parts';
import { whenWord } from '../inventory/words';
import { Text } from '../traffic/Text';
import classes from './columns.module.css';
import { Action, Done } from './parts';
import { actionWord, answerWord, failsWord, matchWords, sideWord } from './words';

type Row = go.PolicyRow;

const words = (a: string, b: string) => a.localeCompare(b);
const actions = ['monitor', 'throttle', 'redact', 'approve', 'block'];

/** orders are what the list can be sorted by. */
export const orders: Record<string, (a: Row, b: Row) => number> = {
  on: (a, b) => Number(a.form.on) - Number(b.form.on),
  name: (a, b) => words(a.form.name, b.form.name),
  action: (a, b) => actions.indexOf(a.form.action) - actions.indexOf(b.form.action),
  rulings: (a, b) => a.rulings - b.rulings,
  last: (a, b) => words(a.last, b.last),
};

/** falling are the orders that begin with the largest. */
export const falling: readonly string[] = ['on', 'action', 'rulings', 'last'];

export const columns: Column<Row>[] = [
  {
    id: 'on',
    title: () => t('policies.column.on'),
    width: 4,
    sort: 'on',
    cell: ({ form }) => (
      <button
        type="button"
        role="switch"
        aria-checked={form.on}
        aria-label={t('policies.switch', { name: form.name })}
        tabIndex={-1}
        data-do="switch"
        className={classes.switch}
      >
        {form.on ? t('policies.on') : t('policies.off')}
      </button>
    ),
  },
  {
    id: 'name',
    title: () => t('policies.column.name'),
    width: 13,
    grow: true,
    sort: 'name',
    cell: ({ form }) => <Text text={form.name} />,
  },
  {
    id: 'action',
    title: () => t('policies.column.action'),
    width: 7,
    sort: 'action',
    cell: ({ form }) => <Action action={form.action} />,
  },
  {
    id: 'side',
    title: () => t('policies.column.side'),
    width: 6,
    cell: ({ form }) => sideWord(form.side),
  },
  {
    id: 'words',
    title: () => t('policies.column.words'),
    width: 16,
    grow: true,
    cell: ({ form }) => (
      <span className={base.dim} title={matchWords(form)}>
        <Text text={matchWords(form)} />
      </span>
    ),
  },
  {
    id: 'fails',
    title: () => t('policies.column.fails'),
    width: 5,
    cell: ({ form }) => failsWord(form.fail_closed),
  },
  {
    id: 'rulings',
    title: () => t('policies.column.rulings'),
    width: 4.5,
    end: true,
    sort: 'rulings',
    cell: ({ rulings }) =>
      rulings > 0 ? (
        <button type="button" tabIndex={-1} data-do="rulings" className={base.link}>
          {formatNumber(rulings)}
        </button>
      ) : null,
  },
  {
    id: 'last',
    title: () => t('policies.column.last'),
    width: 5.75,
    end: true,
    sort: 'last',
    cell: ({ last }) => <When at={last} />,
  },
];

/** spoken is a row in words. */
export function spoken({ form, rulings, last }: Row): string {
  return [
    form.on ? t('policies.on') : t('policies.off'),
    form.name,
    actionWord(form.action),
    sideWord(form.side),
    matchWords(form),
    failsWord(form.fail_closed),
    rulings > 0 && t('policies.spoken.rulings', { n: rulings }),
    last && t('policies.spoken.last', { when: whenWord(last) }),
  ]
    .filter(Boolean)
    .join(', ');
}

/** rulingColumns are what a ruling is, of the guard or of a preview. */
export const rulingColumns = (preview: boolean): Column<go.RulingRow>[] => [
  {
    id: 'at',
    title: () => t('policies.column.at'),
    width: 5.75,
    cell: ({ at }) => <When at={at} />,
  },
  {
    id: 'exchange',
    title: () => t('policies.column.exchange'),
    width: 5,
    cell: ({ exchange }) =>
      exchange ? (
        <button
          type="button"
          tabIndex={-1}
          data-do="exchange"
          className={base.link}
          aria-label={t('policies.exchange', { id: exchange })}
        >
          #{exchange}
        </button>
      ) : null,
  },
  {
    id: 'action',
    title: () => t('policies.column.action'),
    width: 7,
    cell: ({ action }) => <Action action={action} />,
  },
  ...(preview
    ? []
    : [
        {
          id: 'done',
          title: () => t('policies.column.done'),
          width: 7,
          cell: ({ done, answer }: go.RulingRow) =>
            answer ? <span>{answerWord(answer)}</span> : <Done done={done} />,
        },
      ]),
  {
    id: 'side',
    title: () => t('policies.column.side'),
    width: 5,
    cell: ({ side }) => sideWord(side),
  },
  {
    id: 'policy',
    title: () => t('policies.column.policy'),
    width: 9,
    grow: true,
    cell: ({ name }) => <Text text={name} />,
  },
  {
    id: 'reason',
    title: () => t('policies.column.reason'),
    width: 15,
    grow: true,
    cell: ({ reason }) => (
      <span title={reason}>
        <Text text={reason} />
      </span>
    ),
  },
  {
    id: 'where',
    title: () => t('policies.column.where'),
    width: 9,
    cell: ({ host, model }) => <Text text={[model, host].filter(Boolean).join(' · ')} />,
  },
  ...(preview
    ? []
    : [
        {
          id: 'took',
          title: () => t('policies.column.took'),
          width: 4.5,
          end: true,
          cell: ({ took_ms: ms }: go.RulingRow) => (ms > 0 ? formatDuration(ms) : null),
        },
      ]),
];

/** spokenRuling is a ruling in words. */
export function spokenRuling(row: go.RulingRow): string {
  return [
    formatDateTime(row.at),
    row.exchange && t('policies.exchange', { id: row.exchange }),
    actionWord(row.action),
    row.answer ? answerWord(row.answer) : row.done ? t('policies.done') : t('policies.would'),
    sideWord(row.side),
    row.name,
    row.reason,
    row.model || row.host,
  ]
    .filter(Boolean)
    .join(', ');
}
