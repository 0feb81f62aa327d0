import { IconHourglass, IconNote } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { short } from '../findings/columns';
import { Severity, severityWord } from '../findings/parts';
import type { Column } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { When } from '../inventory/parts';
import { whenWord } from '../inventory/words';
import { Text } from '../traffic/Text';
import { actorWord, kindWord, State, stateWord } from './parts';

/** falling are the orders that begin with the largest when they are pressed first. */
export const falling: readonly string[] = ['severity', 'last', 'first', 'count'];

/** actorFalling are those of actors. */
export const actorFalling: readonly string[] = ['risk', 'last', 'first', 'exchanges'];

export const columns: Column<go.ThreatRow>[] = [
  {
    id: 'severity',
    title: () => t('threats.column.severity'),
    width: 5.75,
    sort: 'severity',
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: 'title',
    title: () => t('threats.column.title'),
    width: 12.5,
    grow: true,
    sort: 'title',
    cell: ({ title, slow, noted }) => (
      <>
        <Text text={title} />
        {slow && (
          <span title={t('threats.slowText')}>
            <IconHourglass size={13} role="img" aria-label={t('threats.slow')} />
          </span>
        )}
        {noted && <IconNote size={13} role="img" aria-label={t('threats.noted')} />}
      </>
    ),
  },
  {
    id: 'rule',
    title: () => t('threats.column.rule'),
    width: 8,
    cell: ({ rule, owasp }) => (
      <span className={base.dim} title={owasp.map(short).join(', ')}>
        <Text text={rule} />
      </span>
    ),
  },
  {
    id: 'actor',
    title: () => t('threats.column.actor'),
    width: 9.5,
    sort: 'actor',
    cell: (row) =>
      row.actor ? (
        <span title={row.actor}>
          <span className={base.dim}>{kindWord(row.kind)}</span> <Text text={row.name} />
        </span>
      ) : (
        <span className={base.dim}>{t('threats.nobody')}</span>
      ),
  },
  {
    id: 'host',
    title: () => t('threats.column.host'),
    width: 9.5,
    cell: ({ host, model }) => (
      <>
        <Text text={host} /> {model && <span className={base.dim}>{<Text text={model} />}</span>}
      </>
    ),
  },
  {
    id: 'count',
    title: () => t('threats.column.count'),
    width: 4,
    end: true,
    sort: 'count',
    cell: ({ count }) => formatNumber(count),
  },
  {
    id: 'first',
    title: () => t('threats.column.first'),
    width: 5.5,
    end: true,
    sort: 'first',
    cell: ({ first_seen: at }) => <When at={at} />,
  },
  {
    id: 'last',
    title: () => t('threats.column.last'),
    width: 5.5,
    end: true,
    sort: 'last',
    cell: ({ last_seen: at }) => <When at={at} />,
  },
  {
    id: 'state',
    title: () => t('threats.column.state'),
    width: 6.5,
    cell: ({ state }) => <State state={state} />,
  },
];

/** spoken is a threat in words. */
export function spoken(row: go.ThreatRow): string {
  return [
    severityWord(row.severity),
    row.title,
    actorWord(row),
    row.host,
    row.model,
    stateWord(row.state),
    row.slow && t('threats.slow'),
    t('threats.spoken.count', { n: row.count }),
    t('threats.spoken.last', { when: whenWord(row.last_seen) }),
  ]
    .filter(Boolean)
    .join(', ');
}

/** riskWord is what an actor's risk is, as part of the threshold. */
export const riskWord = (risk: number): string => t('threats.risk', { risk });

export const actorColumns: Column<go.ActorRow>[] = [
  {
    id: 'name',
    title: () => t('threats.column.actor'),
    width: 14,
    grow: true,
    sort: 'name',
    cell: ({ kind, name, key }) => (
      <span title={key}>
        <span className={base.dim}>{kindWord(kind)}</span> <Text text={name} />
      </span>
    ),
  },
  {
    id: 'risk',
    title: () => t('threats.column.risk'),
    width: 13,
    end: true,
    sort: 'risk',
    cell: ({ risk, learning }) => (
      <>
        {learning && (
          <span className={base.dim} title={t('threats.learningText')}>
            {t('threats.learning')}
          </span>
        )}{' '}
        {riskWord(risk)}
      </>
    ),
  },
  {
    id: 'exchanges',
    title: () => t('threats.column.exchanges'),
    width: 6,
    end: true,
    sort: 'exchanges',
    cell: ({ exchanges }) => formatNumber(exchanges),
  },
  {
    id: 'refused',
    title: () => t('threats.column.refused'),
    width: 5,
    end: true,
    cell: ({ refused }) => formatNumber(refused),
  },
  {
    id: 'failed',
    title: () => t('threats.column.failed'),
    width: 5,
    end: true,
    cell: ({ failed }) => formatNumber(failed),
  },
  {
    id: 'tokens',
    title: () => t('threats.column.tokens'),
    width: 6,
    end: true,
    cell: ({ input_tokens: input, output_tokens: output }) => formatNumber(input + output),
  },
  {
    id: 'first',
    title: () => t('threats.column.first'),
    width: 6,
    end: true,
    sort: 'first',
    cell: ({ first_seen: at }) => <When at={at} />,
  },
  {
    id: 'last',
    title: () => t('threats.column.last'),
    width: 6,
    end: true,
    sort: 'last',
    cell: ({ last_seen: at }) => <When at={at} />,
  },
];

/** actorSpoken is an actor in words. */
export function actorSpoken(row: go.ActorRow): string {
  return [
    actorWord(row),
    riskWord(row.risk),
    row.learning && t('threats.learning'),
    t('threats.spoken.exchanges', { n: row.exchanges }),
    t('threats.spoken.last', { when: whenWord(row.last_seen) }),
  ]
    .filter(Boolean)
    .join(', ');
}
