import { UnstyledButton } from '@mantine/core';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { formatTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './home.module.css';
import { Card } from './parts';

/** Latest are the conversations that began last. */
export function Latest({ rows }: { rows: readonly go.HomeLatest[] }) {
  return (
    <Card title={t('home.latest')}>
      <ul className={classes.rows}>
        {rows.map((row) => (
          <li key={row.id}>
            <Conversation row={row} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Conversation({ row }: { row: go.HomeLatest }) {
  const show = useNav((nav) => nav.go);
  return (
    <UnstyledButton className={classes.latest ?? ''} onClick={() => show('traffic', { id: row.id })}>
      <span className={classes.said}>
        <Visible text={row.said} />
      </span>
      <span className={classes.from}>
        <Visible text={row.from} />
        {row.started && <time dateTime={row.started}>{formatTime(row.started)}</time>}
      </span>
    </UnstyledButton>
  );
}
