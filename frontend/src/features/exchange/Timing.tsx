import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatDateTime, formatDuration } from '../../i18n/format';
import type { PaneProps } from './pane';
import { Scroll } from './Scroll';
import classes from './Timing.module.css';

const names: Record<string, string> = {
  dns: 'exchange.timing.dns',
  connect: 'exchange.timing.connect',
  tls: 'exchange.timing.tls',
  send: 'exchange.timing.send',
  wait: 'exchange.timing.wait',
  first_byte: 'exchange.timing.firstByte',
  receive: 'exchange.timing.receive',
};

/** Timing shows what took how long: as bars along the time, and as the table behind them. */
export default function Timing({ id, news }: PaneProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['exchange', 'timing', id, news],
    queryFn: () => api.exchange.Timing({ id }),
    placeholderData: keepPreviousData,
  });
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Loading />;
  if (data.steps.length === 0) {
    return <EmptyState title={t('exchange.timing.none')} text={t('exchange.timing.noneText')} />;
  }
  return (
    <Scroll className={classes.scroll} label={t('exchange.views.timing')}>
      <Summary data={data} />
      <Waterfall steps={data.steps} />
    </Scroll>
  );
}

function Summary({ data }: { data: go.TimingOut }) {
  return (
    <ul className={classes.summary}>
      {data.started && <li>{t('exchange.timing.started', { at: formatDateTime(data.started) })}</li>}
      {data.duration_ms > 0 && (
        <li>{t('exchange.timing.took', { time: formatDuration(data.duration_ms) })}</li>
      )}
      {data.live && <li>{t('exchange.facts.streaming')}</li>}
      <li>
        {t('exchange.plain.sizes', {
          request: formatBytes(data.request_bytes),
          response: formatBytes(data.response_bytes),
        })}
      </li>
      {data.reused && <li>{t('exchange.timing.reused')}</li>}
    </ul>
  );
}

function Waterfall({ steps }: { steps: go.Step[] }) {
  const end = Math.max(...steps.map((step) => step.to_ms), 0.001);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('exchange.timing.step')}</th>
          <th scope="col">{t('exchange.timing.from')}</th>
          <th scope="col">{t('exchange.timing.time')}</th>
          <th scope="col" aria-hidden />
        </tr>
      </thead>
      <tbody>
        {steps.map(({ name, from_ms: from, to_ms: to }) => (
          <tr key={name}>
            <th scope="row">{t(names[name] ?? name)}</th>
            <td>{formatDuration(from)}</td>
            <td>{formatDuration(to - from)}</td>
            <td className={classes.lane} aria-hidden>
              <span
                className={classes.bar}
                data-step={name}
                style={{ insetInlineStart: `${(100 * from) / end}%`, width: `${(100 * (to - from)) / end}%` }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
