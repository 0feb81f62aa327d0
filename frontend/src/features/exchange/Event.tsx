// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and the arrow keys choose a row
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn row by row
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { tidyJSON } from './json';
import classes from './Stream.module.css';

interface EventRowProps {
  item: go.StreamItem | undefined;
  at: number;
  start: number;
  frames: boolean;
  /** events of this stream have names */
  named: boolean;
  chosen: boolean;
  onChoose(at: number): void;
}

/** EventRow is one line: when, how long after the one before, how much, what. */
export function EventRow({ item, at, start, frames, named, chosen, onChoose }: EventRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      id={item ? `event-${item.n}` : undefined}
      aria-rowindex={at + 1}
      aria-selected={chosen}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onChoose(at)}
    >
      {item && (
        <>
          <span role="gridcell" className={classes.number}>
            {formatNumber(item.n + 1)}
          </span>
          {frames && <Side side={item.side} />}
          <span role="gridcell" className={classes.number}>
            {t('exchange.stream.at', { ms: item.at_ms })}
          </span>
          <span role="gridcell" className={classes.number} data-long={item.gap_ms > 500 || undefined}>
            {t('exchange.stream.gap', { ms: item.gap_ms })}
          </span>
          <span role="gridcell" className={classes.number}>
            {formatBytes(item.bytes)}
          </span>
          {named && (
            <span role="gridcell" className={classes.event}>
              <Visible text={item.name} />
            </span>
          )}
          <span role="gridcell" className={classes.said}>
            <Visible text={item.text} />
          </span>
        </>
      )}
    </div>
  );
}

function Side({ side }: { side: string }) {
  return (
    <span role="gridcell" className={classes.side} data-side={side}>
      {side === 'client' ? (
        <IconArrowUp size={14} aria-label={t('exchange.stream.fromClient')} />
      ) : (
        <IconArrowDown size={14} aria-label={t('exchange.stream.fromServer')} />
      )}
    </span>
  );
}

/** Event is one event whole, or the first 64 kB of it. */
export function Event({ id, item }: { id: string; item: go.StreamItem }) {
  const { data } = useQuery({
    queryKey: ['exchange', 'event', id, item.n],
    queryFn: () => api.exchange.Stream({ id, contains: '', from: item.n, limit: 1, whole: true }),
    enabled: item.more > 0,
  });
  const whole = data?.items[0] ?? item;
  const text = whole.more === 0 ? (tidyJSON(whole.text) ?? whole.text) : whole.text;
  return (
    <section className={classes.whole} aria-label={t('exchange.stream.event', { n: item.n + 1 })}>
      <header>
        <strong>{t('exchange.stream.event', { n: item.n + 1 })}</strong>
        {whole.lost && <Visible text={whole.lost} />}
        <Copy text={whole.text} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre tabIndex={0}>
        <Visible text={text} />
      </pre>
      {whole.more > 0 && <p>{t('exchange.stream.more', { size: formatBytes(whole.more) })}</p>}
    </section>
  );
}
