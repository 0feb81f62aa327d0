import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDuration } from '../../i18n/format';
import classes from './Stream.module.css';

/** StreamBar draws how much arrived when: a stream that stalls shows its gaps. */
export function StreamBar({ about: { bar, begin_ms: begin, end_ms: end } }: { about: go.StreamOut }) {
  const most = Math.max(...bar, 0);
  if (most === 0) return null;
  const from = formatDuration(begin);
  const to = formatDuration(end);
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${bar.length} 10`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('exchange.stream.bar', { from, to })}
      >
        {bar.map((bytes, at) => {
          const height = bytes > 0 ? Math.max(0.6, (10 * bytes) / most) : 0;
          // biome-ignore lint/suspicious/noArrayIndexKey: slices of time, in order
          return <rect key={at} x={at + 0.1} width={0.8} y={10 - height} height={height} />;
        })}
      </svg>
      <figcaption>
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}
