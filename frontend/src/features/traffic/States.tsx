import { Alert, Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconFilterOff,
  IconPlugConnected,
  IconRoute,
  IconWorld,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyError } from '../../frame/notify';
import { useSession } from '../../frame/session';
import { EmptyState, ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { change, clearFilter } from './controller';
import { live, type Shown } from './live';
import { useTraffic } from './store';

function connect() {
  useNav.getState().go('setup');
}

function StartCapture() {
  const client = useQueryClient();
  const start = async () => {
    try {
      client.setQueryData(['session'], await api.session.StartCapture({ listen: '' }));
    } catch (reason) {
      notifyError(reason);
    }
  };
  return <Button onClick={start}>{t('traffic.empty.start')}</Button>;
}

// Nothing in the project yet: what to do depends on whether the proxy listens.
function NoTraffic() {
  const { data } = useSession();
  if (!data) return null;
  const { capture } = data;
  const connectClient = (
    <Button variant={capture.on ? 'filled' : 'default'} onClick={connect}>
      {t('traffic.empty.connect')}
    </Button>
  );
  if (capture.on) {
    return (
      <EmptyState
        icon={<IconPlugConnected size={40} />}
        title={t('traffic.empty.onTitle')}
        text={t('traffic.empty.onText', { listen: capture.listen })}
        actions={connectClient}
      />
    );
  }
  return (
    <EmptyState
      icon={<IconRoute size={40} />}
      title={t('traffic.empty.offTitle')}
      text={t('traffic.empty.offText')}
      actions={
        <>
          <StartCapture />
          {connectClient}
        </>
      }
    />
  );
}

function NoMatch({ total }: { total: number }) {
  return (
    <EmptyState
      icon={<IconFilterOff size={40} />}
      title={t('traffic.empty.filterTitle')}
      text={t('traffic.empty.filterText', { n: total })}
      actions={<Button onClick={() => void clearFilter()}>{t('traffic.empty.clear')}</Button>}
    />
  );
}

function OnlyOthers({ folded }: { folded: number }) {
  return (
    <EmptyState
      icon={<IconWorld size={40} />}
      title={t('traffic.empty.othersTitle')}
      text={t('traffic.empty.othersText', { n: folded })}
      actions={
        <Button onClick={() => void change({ all: true })}>
          {t('traffic.empty.showOthers', { n: folded })}
        </Button>
      }
    />
  );
}

/** Instead is what stands in place of the rows: why there are none, or what went wrong; null when there are rows. */
export function Instead({ shown }: { shown: Shown }) {
  const filtered = useTraffic((state) => state.filterOn && state.query.trim() !== '');
  if (shown.error) return <ErrorState error={shown.error} onRetry={() => void live.reopen()} />;
  if (!shown.view || shown.opening || shown.looking || shown.count > 0) return null;
  if (shown.folded > 0) return <OnlyOthers folded={shown.folded} />;
  if (shown.total > 0 && filtered) return <NoMatch total={shown.total} />;
  return <NoTraffic />;
}

/** Losses says what was not kept of the traffic; nothing when all was. */
export function Losses() {
  const { data } = useSession();
  if (!data || data.capture.lost === 0) return null;
  const { lost, lost_why: why } = data.capture;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} p="xs" mx="xs" mb="xs" role="status">
      {why ? t('traffic.lost.why', { n: lost, why }) : t('traffic.lost.some', { n: lost })}
    </Alert>
  );
}
