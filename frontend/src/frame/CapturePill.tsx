import { Alert, Button, Group, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../api';
import { KeyCaps } from '../commands/KeyCaps';
import { t } from '../i18n';
import { formatNumber } from '../i18n/format';
import { Visible } from '../theme/Visible';
import { useCapture } from './capture';
import classes from './frame.module.css';
import { useNav } from './nav';
import { useSession } from './session';
import { Loading } from './ui';

type Capture = go.CaptureState;

type Look = 'on' | 'off' | 'lossy' | 'fault';

function lookOf(capture: Capture): Look {
  if (capture.fault.message) return 'fault';
  if (!capture.on) return 'off';
  return capture.lost > 0 ? 'lossy' : 'on';
}

/** CapturePill is the one switch of the recorder, and says how recording goes. */
export function CapturePill() {
  const [opened, setOpened] = useState(false);
  const state = useSession().data;
  if (!state) return null;
  const { capture } = state;
  const look = lookOf(capture);
  const words: Record<Look, () => string> = {
    on: () => t('frame.capture.on', { listen: capture.listen, clients: capture.clients }),
    off: () => t('frame.capture.off'),
    lossy: () => t('frame.capture.lossy', { listen: capture.listen, lost: capture.lost }),
    fault: () => t('frame.capture.fault'),
  };
  return (
    <Popover opened={opened} onChange={setOpened} width={360} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.pill}
          data-look={look}
          aria-label={t('frame.capture.label', { state: words[look]() })}
          onClick={() => setOpened(!opened)}
        >
          <span className={classes.light} aria-hidden />
          <span className={classes.pillText}>{words[look]()}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('frame.capture.title')}>
        <Details capture={capture} open={state.project.open} close={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Details({ capture, open, close }: { capture: Capture; open: boolean; close(): void }) {
  const { toggle, busy } = useCapture();
  const failed = capture.fault.message !== '';
  return (
    <Stack gap="sm">
      {failed && <Fault fault={capture.fault} />}
      {capture.on ? (
        <Counters capture={capture} close={close} />
      ) : (
        <Text size="sm">{t('frame.capture.offText')}</Text>
      )}
      {capture.lost > 0 && (
        <Alert color="red" title={t('frame.capture.lost', { lost: capture.lost })}>
          <Visible text={capture.lost_why} />
        </Alert>
      )}
      {capture.overflow > 0 && (
        <Text size="sm" c="yellow">
          {t('frame.capture.overflow', { n: capture.overflow })}
        </Text>
      )}
      <Group justify="space-between">
        <Button
          onClick={toggle}
          loading={busy}
          disabled={!open}
          variant={capture.on || failed ? 'default' : 'filled'}
        >
          {capture.on ? t('frame.capture.stop') : t('frame.capture.start', { listen: capture.wanted })}
        </Button>
        <KeyCaps keys="Mod+." />
      </Group>
      {!open && (
        <Text size="sm" c="dimmed">
          {t('frame.capture.noProject')}
        </Text>
      )}
    </Stack>
  );
}

/** Fault says why capture could not begin; where another program has the port, which, and a port that is free. */
function Fault({ fault }: { fault: go.Fault }) {
  const { start, busy } = useCapture();
  const status = useQuery({
    queryKey: ['setup', 'status'],
    queryFn: () => api.setup.Status({}),
    staleTime: 0,
  });
  if (status.isPending) return <Loading rows={2} />;
  const port = status.data?.port;
  if (!port?.taken) {
    return (
      <Alert color="red" title={fault.message} role="alert">
        {fault.hint}
      </Alert>
    );
  }
  const { name, pid, free } = port;
  return (
    <Alert color="red" title={t('frame.capture.taken', { port: String(port.port) })} role="alert">
      <Stack gap="xs">
        {name && <Text size="sm">{t('frame.capture.takenBy', { name, pid: String(pid) })}</Text>}
        <Button w="max-content" loading={busy} onClick={() => start(free)}>
          {t('frame.capture.useOther', { listen: free })}
        </Button>
      </Stack>
    </Alert>
  );
}

function Counters({ capture, close }: { capture: Capture; close(): void }) {
  const go = useNav((nav) => nav.go);
  const rows: [string, number, string | undefined][] = [
    [t('frame.capture.recorded'), capture.recorded, ''],
    [t('frame.capture.open'), capture.open, 'state:open'],
    [t('frame.capture.clients'), capture.clients, undefined],
    [t('frame.capture.tunnels'), capture.tunnels, 'wire:tunnel'],
    [t('frame.capture.refused'), capture.refused, 'wire:tunnel'],
  ];
  return (
    <dl className={classes.counters}>
      <dt>{t('frame.capture.listen')}</dt>
      <dd className={classes.mono}>{capture.listen}</dd>
      {rows.map(([name, n, query]) => (
        <div key={name} className={classes.counter}>
          <dt>{name}</dt>
          <dd>
            {query === undefined || n === 0 ? (
              formatNumber(n)
            ) : (
              <UnstyledButton
                className={classes.link}
                onClick={() => {
                  close();
                  go('traffic', query ? { query } : {});
                }}
              >
                {formatNumber(n)}
              </UnstyledButton>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
