import { UnstyledButton } from '@mantine/core';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './home.module.css';
import { Card } from './parts';
import { whereIs } from './query';

const MOST = 5;

interface Props {
  title: string;
  /** the field of the filter that a value belongs to */
  field: 'provider' | 'model' | 'host';
  tallies: readonly go.HomeTally[];
}

/** Tallies shows the most frequent values of a field; each opens the exchanges that it counts. */
export function Tallies({ title, field, tallies }: Props) {
  const show = useNav((nav) => nav.go);
  const most = tallies[0]?.n ?? 1;
  if (tallies.length === 0) return null;
  return (
    <Card title={title}>
      <ul className={classes.rows}>
        {tallies.slice(0, MOST).map(({ value, name, n }) => (
          <li key={value}>
            <UnstyledButton
              className={classes.tally ?? ''}
              title={t('home.show', { value: name })}
              onClick={() => show('traffic', { query: whereIs(field, value) })}
            >
              <span className={classes.bar} style={{ width: `${(100 * n) / most}%` }} aria-hidden />
              <span className={classes.value}>
                <Visible text={name} />
              </span>
              <span>{formatNumber(n)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
