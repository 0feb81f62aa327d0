import { ActionIcon, Tooltip } from '@mantine/core';
import { IconAnchor, IconDots } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { formatDuration, formatNumber, formatTime } from '../../i18n/format';
import { ExchangeMenu } from '../actions/ExchangeMenu';
import { Agreement } from './Agreement';
import { changeOf } from './names';
import classes from './repeater.module.css';
import { choose, useRepeater } from './store';

/** History lists what was sent from a tab, newest first; one of them can be looked at again. */
export function History({ tab, history }: { tab: go.Tab; history: go.Sent[] }) {
  const wanted = useRepeater((state) => state.chosen[tab.id] ?? '');
  const chosen = history.find((sent) => sent.row.id === wanted) ?? history[0];
  const batch = history.filter((sent) => chosen && sent.batch === chosen.batch);
  return (
    <section className={classes.history} aria-label={t('repeater.history.label')} data-pane="history">
      {batch.length > 1 && <Agreement tab={tab.id} batch={batch} />}
      {history.length === 0 ? (
        <p className={classes.hint}>{t('repeater.history.none')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('repeater.history.n')}</th>
              <th scope="col">{t('repeater.history.time')}</th>
              <th scope="col">{t('repeater.history.changed')}</th>
              <th scope="col">{t('repeater.history.status')}</th>
              <th scope="col">{t('repeater.history.refused')}</th>
              <th scope="col">{t('repeater.history.tokens')}</th>
              <th scope="col">{t('repeater.history.took')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {history.map((sent) => (
              <Line key={sent.n} tab={tab} sent={sent} current={sent === chosen} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const refusals: Record<string, string> = { yes: 'repeater.history.yes', looks: 'repeater.history.looks' };

function Line({ tab, sent, current }: { tab: go.Tab; sent: go.Sent; current: boolean }) {
  const { row } = sent;
  const refused = refusals[sent.refused];
  const bad = row.state === 'failed' || row.status >= 400;
  return (
    <tr data-current={current || undefined} onClick={() => choose(tab.id, row.id)}>
      <th scope="row">
        <button
          type="button"
          className={classes.pick}
          aria-current={current}
          onClick={() => choose(tab.id, row.id)}
        >
          {sent.n}
        </button>
      </th>
      <td>{row.started && formatTime(row.started)}</td>
      <td className={classes.changed}>
        {sent.changed.length > 0 ? sent.changed.map(changeOf).join(', ') : t('repeater.history.same')}
      </td>
      <td data-bad={bad || undefined}>
        {row.status || (row.state === 'open' ? t('repeater.history.sending') : row.state)}
      </td>
      <td data-refused={refused ? '' : undefined}>{refused && t(refused)}</td>
      <td>{row.total_tokens >= 0 && formatNumber(row.total_tokens)}</td>
      <td>{row.duration_ms > 0 && formatDuration(row.duration_ms)}</td>
      <td>
        <span className={classes.tools}>
          <Anchor tab={tab} id={row.id} />
          <ExchangeMenu ids={[row.id]}>
            <ActionIcon variant="subtle" size={24} aria-label={t('repeater.history.menu', { n: sent.n })}>
              <IconDots size={15} />
            </ActionIcon>
          </ExchangeMenu>
        </span>
      </td>
    </tr>
  );
}

function Anchor({ tab, id }: { tab: go.Tab; id: string }) {
  const client = useQueryClient();
  const is = tab.baseline === id;
  const title = t(is ? 'repeater.history.is_baseline' : 'repeater.history.baseline');
  const set = async () => {
    try {
      await api.repeater.Baseline({ tab: tab.id, id });
      await client.invalidateQueries({ queryKey: ['repeater', 'tabs'] });
      await client.invalidateQueries({ queryKey: ['repeater', 'form', tab.id] });
    } catch (reason) {
      notifyError(reason);
    }
  };
  return (
    <Tooltip label={title}>
      <ActionIcon
        variant={is ? 'light' : 'subtle'}
        size={24}
        aria-label={title}
        aria-pressed={is}
        onClick={(event) => {
          event.stopPropagation();
          void set();
        }}
      >
        <IconAnchor size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
