import { Title, UnstyledButton } from '@mantine/core';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './home.module.css';
import { whereIs } from './query';

interface Props {
  title: string;
  /** the field of the filter that a value belongs to */
  field: 'provider' | 'model' | 'host';
  tallies: go.Tally[];
}

/** Tallies shows the most frequent values of a field; each opens the exchanges that it counts. */
export function Tallies({ title, field, tallies }: Props) {
  const show = useNav((nav) => nav.go);
  const most = tallies[0]?.n ?? 1;
  if (tallies.length === 0) return null;
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="h3" className={classes.cardTitle ?? ''}>
        {title}
      </Title>
      {tallies.map(({ value, n }) => (
        <UnstyledButton
          key={value}
          className={classes.tally}
          title={t('home.show', { value })}
          onClick={() => show('traffic', { query: whereIs(field, value) })}
        >
          <span className={classes.bar} style={{ width: `${(100 * n) / most}%` }} aria-hidden />
          <span className={classes.value}>
            <Visible text={value} />
          </span>
          <span>{formatNumber(n)}</span>
        </UnstyledButton>
      ))}
    </section>
  );
}
