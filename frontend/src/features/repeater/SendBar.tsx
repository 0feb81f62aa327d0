import { Button, NumberInput, Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { keepEdits } from './edits';
import classes from './repeater.module.css';
import { choose, useRepeater } from './store';

const most = 50;

/** useSend sends the request of a tab after what was typed has been kept. */
export function useSend(tab: string) {
  const client = useQueryClient();
  const [starting, setStarting] = useState(false);
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['repeater', 'history', tab] }),
      client.invalidateQueries({ queryKey: ['repeater', 'form', tab] }),
      client.invalidateQueries({ queryKey: ['repeater', 'tabs'] }),
    ]);
  const send = async (times: number) => {
    if (starting) return;
    setStarting(true);
    try {
      await keepEdits();
      await api.repeater.Send({ tab, times });
      choose(tab, '');
      await refresh();
    } catch (reason) {
      notifyError(reason);
    } finally {
      setStarting(false);
    }
  };
  const stop = async () => {
    try {
      await api.repeater.Stop({ tab });
      await refresh();
    } catch (reason) {
      notifyError(reason);
    }
  };
  return { starting, send, stop };
}

/** SendBar says where a request goes, how often, and stops it. */
export function SendBar({ form, sending }: { form: go.Form; sending: number }) {
  const tab = form.tab.id;
  const times = useRepeater((state) => state.times[tab] ?? 1);
  const { starting, send, stop } = useSend(tab);
  const busy = sending > 0 || starting;
  const ready = form.to !== '' && form.problem.side !== 'head';
  useCommand('repeater.send', () => void send(times), ready && !busy);
  useCommand('repeater.stop', () => void stop(), sending > 0);
  const label = !form.to
    ? t('repeater.send.nowhere')
    : times > 1
      ? t('repeater.send.many', { n: times, to: form.to })
      : t('repeater.send.button', { to: form.to });
  return (
    <div className={classes.sendbar}>
      <Button
        className={classes.send ?? ''}
        leftSection={<IconPlayerPlay size={16} />}
        disabled={!ready || busy}
        loading={starting}
        onClick={() => void send(times)}
      >
        {label}
      </Button>
      <Tooltip label={t('repeater.send.times')}>
        <NumberInput
          className={classes.times ?? ''}
          aria-label={t('repeater.send.times')}
          leftSection="×"
          min={1}
          max={most}
          clampBehavior="strict"
          allowDecimal={false}
          value={times}
          onChange={(value) =>
            useRepeater.setState(({ times: old }) => ({ times: { ...old, [tab]: Number(value) || 1 } }))
          }
        />
      </Tooltip>
      {sending > 0 && (
        <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={() => void stop()}>
          {t('repeater.send.stop')}
        </Button>
      )}
      <span role="status" className={classes.dim}>
        {sending > 0 ? t('repeater.send.sending', { n: sending }) : ''}
      </span>
    </div>
  );
}
