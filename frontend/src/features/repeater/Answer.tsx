import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { ExchangeDetail } from '../exchange/ExchangeDetail';
import classes from './repeater.module.css';
import { useSend } from './SendBar';
import { useRepeater } from './store';

const DiffView = lazy(async () => ({ default: (await import('../diff/DiffView')).DiffView }));

interface AnswerProps {
  tab: go.Tab;
  history: go.Sent[];
  sending: number;
}

/** Answer shows what came back: the latest, or one that was chosen in the history; before that, the recorded one in grey. */
export function Answer({ tab, history, sending }: AnswerProps) {
  const { diff, view, against } = useRepeater();
  const wanted = useRepeater((state) => state.chosen[tab.id] ?? '');
  const chosen = history.find((sent) => sent.row.id === wanted) ?? history[0];
  const id = chosen?.row.id ?? tab.baseline;
  const previous = history.find((sent) => chosen && sent.n < chosen.n)?.row.id ?? '';
  const base = chosen ? (against === 'previous' && previous ? previous : tab.baseline || previous) : '';
  const setDiff = (on: boolean) => useRepeater.setState({ diff: on });
  useCommand('repeater.diff', () => setDiff(!diff));
  return (
    <section
      className={classes.answer}
      aria-label={t('repeater.answer.label')}
      data-pane="answer"
      data-grey={!chosen || undefined}
    >
      <div className={classes.line}>
        <span className={classes.dim}>
          {chosen
            ? t('repeater.answer.chosen', { n: chosen.n })
            : id && t('repeater.answer.baseline', { id })}
        </span>
        <SegmentedControl
          size="xs"
          aria-label={t('repeater.answer.view')}
          value={diff ? 'diff' : 'one'}
          onChange={(value) => setDiff(value === 'diff')}
          data={[
            { value: 'one', label: t('repeater.answer.one') },
            { value: 'diff', label: t('repeater.answer.diff') },
          ]}
        />
      </div>
      {chosen && <Failed key={chosen.row.id} tab={tab.id} sent={chosen} sending={sending} />}
      {!id && <EmptyState title={t('repeater.answer.none')} />}
      {id && !diff && (
        <div className={classes.shown}>
          <ExchangeDetail
            id={id}
            view={view}
            onView={(next) => useRepeater.setState({ view: next })}
            answerOnly
          />
        </div>
      )}
      {id && diff && base && base !== id && (
        <Suspense fallback={<Loading />}>
          <DiffView a={base} b={id}>
            <Against baseline={tab.baseline} previous={previous} value={base} />
          </DiffView>
        </Suspense>
      )}
      {id && diff && (!base || base === id) && <p className={classes.hint}>{t('repeater.answer.nothing')}</p>}
    </section>
  );
}

function Against({ baseline, previous, value }: { baseline: string; previous: string; value: string }) {
  const data = [
    ...(baseline ? [{ value: baseline, label: t('repeater.answer.with_baseline', { id: baseline }) }] : []),
    ...(previous && previous !== baseline
      ? [{ value: previous, label: t('repeater.answer.with_previous', { id: previous }) }]
      : []),
  ];
  if (data.length < 2) return null;
  return (
    <Select
      className={classes.against ?? ''}
      size="xs"
      label={t('repeater.answer.with')}
      data={data}
      value={value}
      allowDeselect={false}
      onChange={(id) => useRepeater.setState({ against: id === previous ? 'previous' : 'baseline' })}
    />
  );
}

/** Failed says what went wrong and offers to try again, after as long as the server asked to wait. */
function Failed({ tab, sent, sending }: { tab: string; sent: go.Sent; sending: number }) {
  const { send, starting } = useSend(tab);
  const until = sent.retry_after_s > 0 ? Date.parse(sent.row.started) + 1000 * sent.retry_after_s : 0;
  const left = useCountdown(until);
  const { row } = sent;
  const failed = row.state === 'failed' || row.status >= 400 || row.error !== '';
  if (!failed || row.state === 'open' || row.state === 'streaming') return null;
  return (
    <div className={classes.failed} role="alert">
      <div>
        <strong>{t('repeater.send.failed')}</strong>
        <div>
          <Visible text={row.error || String(row.status)} />
        </div>
        {sent.retry_after_s > 0 && <div>{t('repeater.send.asked', { n: sent.retry_after_s })}</div>}
      </div>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size={15} />}
        disabled={starting || sending > 0 || left > 0}
        onClick={() => void send(1)}
      >
        {left > 0 ? t('repeater.send.retry_in', { s: left }) : t('repeater.send.retry')}
      </Button>
    </div>
  );
}

/** useCountdown is how many seconds are left until a moment, at least 0. */
function useCountdown(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const [now, setNow] = useState(left);
  // biome-ignore lint/correctness/useExhaustiveDependencies: left follows from until
  useEffect(() => {
    setNow(left());
    if (left() === 0) return;
    const timer = setInterval(() => {
      setNow(left());
      if (left() === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [until]);
  return now;
}
