import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconLockOff, IconScissors } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyDone, notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './Trouble.module.css';

const unread = new Set(['out-of-scope', 'passed-through', 'not-tls']);

/** Trouble says what went wrong with an exchange, or what of it is not there, and what can be done about it. */
export function Trouble({ heads }: { heads: go.HeadsOut }) {
  return (
    <>
      <Fault heads={heads} />
      <Lost body={heads.request.body} title={t('exchange.lost.request')} />
      <Lost body={heads.response.body} title={t('exchange.lost.response')} />
    </>
  );
}

function Fault({ heads }: { heads: go.HeadsOut }) {
  const { stage, reason } = heads.fault;
  if (!stage) return null;
  if (stage === 'client-tls') {
    return (
      <Notice icon={<IconLockOff size={18} />} tone="bad" title={t('exchange.refused.title')} reason={reason}>
        <Button size="compact-sm" onClick={() => useNav.getState().go('setup', { section: 'certificate' })}>
          {t('exchange.refused.fix')}
        </Button>
        <HostButton heads={heads} act="pass" />
      </Notice>
    );
  }
  if (unread.has(stage)) {
    return (
      <Notice icon={<IconLockOff size={18} />} tone="info" title={t('exchange.unread.title')} reason={reason}>
        {stage === 'passed-through' && <HostButton heads={heads} act="decrypt" />}
        {stage === 'out-of-scope' && (
          <Button size="compact-sm" onClick={() => useNav.getState().go('settings', { section: 'capture' })}>
            {t('exchange.unread.scope')}
          </Button>
        )}
      </Notice>
    );
  }
  const gone = stage === 'client-gone';
  return (
    <Notice
      icon={<IconAlertTriangle size={18} />}
      tone={gone ? 'info' : 'bad'}
      title={gone ? t('exchange.fault.gone') : t('exchange.fault.title')}
      reason={reason}
    />
  );
}

/** hostOf gives the name of the host an exchange went to, without its port. */
export function hostOf(url: string): string {
  const place = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#].*$/s, '');
  return place.replace(/^.*@/s, '').replace(/:\d+$/, '');
}

function HostButton({ heads, act }: { heads: go.HeadsOut; act: 'pass' | 'decrypt' }) {
  const host = hostOf(heads.request.url);
  const run = async () => {
    try {
      if (act === 'pass') await api.actions.PassThrough({ host });
      else await api.actions.Decrypt({ host });
      notifyDone(
        act === 'pass' ? t('exchange.refused.passed', { host }) : t('exchange.unread.decrypted', { host }),
      );
    } catch (reason) {
      notifyError(reason);
    }
  };
  return (
    <Button size="compact-sm" variant={act === 'pass' ? 'default' : 'filled'} onClick={run}>
      {act === 'pass' ? t('exchange.refused.pass') : t('exchange.unread.decrypt')}
    </Button>
  );
}

function Lost({ body, title }: { body: go.BodyOut; title: string }) {
  if (!body.lost) return null;
  const kept = formatBytes(body.kept);
  return (
    <Notice icon={<IconScissors size={18} />} tone="warn" title={title} reason={body.lost}>
      <Text size="sm">
        {body.size > body.kept
          ? t('exchange.lost.part', { kept, size: formatBytes(body.size) })
          : t('exchange.lost.kept', { kept })}
      </Text>
    </Notice>
  );
}

interface NoticeProps {
  icon: ReactNode;
  tone: 'bad' | 'warn' | 'info';
  title: string;
  /** recorded, or said by the recorder */
  reason: string;
  children?: ReactNode;
}

function Notice({ icon, tone, title, reason, children }: NoticeProps) {
  return (
    <Alert className={classes.notice ?? ''} data-tone={tone} icon={icon} title={title} variant="outline">
      <Text size="sm" component="div">
        <Visible text={reason} />
      </Text>
      {children && (
        <Group mt={6} gap="xs">
          {children}
        </Group>
      )}
    </Alert>
  );
}
