import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api';
import { useCapture } from '../../frame/capture';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './setup.module.css';
import { type Status, useAct } from './useSetup';

/** Notices are what stands in the way: a taken port, a proxy of the company, clients that refuse the certificate. */
export function Notices({ status }: { status: Status }) {
  return (
    <>
      <TakenPort status={status} />
      <Upstream status={status} />
      <Refusals status={status} />
    </>
  );
}

function TakenPort({ status: { port } }: { status: Status }) {
  const { start, busy } = useCapture();
  if (!port.taken) return null;
  const free = port.free.slice(port.free.lastIndexOf(':') + 1);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert" title={t('setup.port.title')}>
      <Text size="sm" mb="xs">
        {port.name
          ? t('setup.port.by', { port: String(port.port), name: port.name, pid: String(port.pid) })
          : t('setup.port.other', { port: String(port.port) })}
      </Text>
      <Button size="compact-sm" loading={busy} onClick={() => start(port.free)}>
        {free === '0' ? t('setup.port.any') : t('setup.port.use', { port: free })}
      </Button>
    </Alert>
  );
}

function Upstream({ status: { upstream } }: { status: Status }) {
  const [hidden, setHidden] = useState(false);
  const change = useAct((use: boolean) => api.setup.Upstream({ use }));
  if (hidden || !upstream.found || upstream.used) return null;
  return (
    <Alert color="blue" icon={<IconRoute size={18} />} title={t('setup.upstream.title')} role="status">
      <Text size="sm" mb="xs">
        {t('setup.upstream.text', { url: upstream.url, source: upstream.source })}
      </Text>
      <Group gap="xs">
        <Button size="compact-sm" loading={change.isPending} onClick={() => change.mutate(true)}>
          {t('setup.upstream.use')}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => setHidden(true)}>
          {t('setup.upstream.no')}
        </Button>
      </Group>
    </Alert>
  );
}

function Refusals({ status }: { status: Status }) {
  const go = useNav((nav) => nav.go);
  const pass = useAct((host: string) => api.actions.PassThrough({ host }));
  const decrypt = useAct((host: string) => api.actions.Decrypt({ host }));
  const hosts = [...new Set([...status.refusals.map(({ host }) => host), ...status.passed])];
  if (hosts.length === 0) return null;
  const open = hosts.some((host) => !status.passed.includes(host));
  return (
    <Alert
      color={open ? 'orange' : 'gray'}
      icon={<IconAlertTriangle size={18} />}
      title={open ? t('setup.refused.title') : t('setup.refused.passedTitle')}
      role="status"
    >
      {open && <Text size="sm">{t('setup.refused.text')}</Text>}
      <ul className={classes.lines}>
        {hosts.map((host) => {
          const by = status.refusals.filter((one) => one.host === host);
          const passed = status.passed.includes(host);
          return (
            <li key={host} className={classes.line}>
              <span className={classes.grow}>
                <Visible text={host} />{' '}
                <Text component="span" size="sm" c="dimmed">
                  {passed ? t('setup.refused.passed') : by.map(sentence).join(', ')}
                </Text>
              </span>
              {passed ? (
                <Button size="compact-sm" variant="default" onClick={() => decrypt.mutate(host)}>
                  {t('setup.refused.decrypt')}
                </Button>
              ) : (
                <>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => go('setup', { section: 'certificate' })}
                  >
                    {t('setup.refused.fix')}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => pass.mutate(host)}>
                    {t('setup.refused.pass')}
                  </Button>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}

function sentence({ client, count }: { client: string; count: number }): string {
  return client ? t('setup.refused.by', { client, n: count }) : t('setup.refused.bySomebody', { n: count });
}
