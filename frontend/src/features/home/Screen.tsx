import { Loader, Stack, Text, Title } from '@mantine/core';
import { useSession, useSummary } from '../../frame/session';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import classes from './home.module.css';
import { Latest } from './Latest';
import { Steps } from './Steps';
import { Tallies } from './Tallies';

/** Home says where this project stands: what to do first, and later what was seen. */
export default function Screen() {
  const summary = useSummary();
  const session = useSession().data;
  if (summary.isPending) return <Loading rows={10} />;
  if (summary.error) return <ErrorState error={summary.error} onRetry={() => summary.refetch()} />;
  const { exchanges, conversations, providers, models, hosts, resent } = summary.data;
  return (
    <Stack className={classes.home ?? ''} gap="lg">
      <header className={classes.head}>
        <Title order={1}>{t('home.title')}</Title>
        {exchanges > 0 && <Text c="dimmed">{t('home.counts', { exchanges, conversations })}</Text>}
        {exchanges === 0 && session?.capture.on && (
          <Text c="dimmed" className={classes.waiting ?? ''}>
            <Loader size={14} type="dots" /> {t('home.waiting')}
          </Text>
        )}
      </header>
      {!(conversations > 0 && resent) && (
        <Steps exchanges={exchanges} conversations={conversations} resent={resent} />
      )}
      {conversations > 0 && (
        <div className={classes.columns}>
          <Latest />
          <Stack gap="lg">
            <Tallies title={t('home.providers')} field="provider" tallies={providers} />
            <Tallies title={t('home.models')} field="model" tallies={models} />
            <Tallies title={t('home.hosts')} field="host" tallies={hosts} />
          </Stack>
        </div>
      )}
      <Text c="dimmed" size="sm">
        {t('home.later')}
      </Text>
    </Stack>
  );
}
