import { Title, UnstyledButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { useSummary } from '../../frame/session';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './home.module.css';

/** Latest are the conversations that began last. */
export function Latest() {
  const latest = useQuery({ queryKey: ['home', 'latest'], queryFn: () => api.session.Latest({}) });
  useFresh();
  return (
    <section className={classes.card} aria-label={t('home.latest')}>
      <Title order={2} size="h3" className={classes.cardTitle ?? ''}>
        {t('home.latest')}
      </Title>
      {latest.isPending && <Loading rows={5} />}
      {latest.error && <ErrorState error={latest.error} onRetry={() => latest.refetch()} />}
      {latest.data?.rows.map((row) => (
        <Conversation key={row.id} row={row} />
      ))}
    </section>
  );
}

// As often as the counts, which are counted anew at most once a second.
function useFresh() {
  const client = useQueryClient();
  const counted = useSummary().dataUpdatedAt;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment of counting is what it is about
  useEffect(() => {
    client.invalidateQueries({ queryKey: ['home', 'latest'] });
  }, [client, counted]);
}

function Conversation({ row }: { row: go.Row }) {
  const show = useNav((nav) => nav.go);
  return (
    <UnstyledButton className={classes.latest} onClick={() => show('traffic', { id: row.id })}>
      <span className={classes.said}>
        {row.last_user ? <Visible text={row.last_user} /> : <Visible text={`${row.method} ${row.path}`} />}
      </span>
      <span className={classes.from}>
        <Visible text={row.model || row.provider || row.host} />
        {row.started && <time dateTime={row.started}>{formatTime(row.started)}</time>}
      </span>
    </UnstyledButton>
  );
}
