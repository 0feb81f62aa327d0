import type { go } from '../../api';
import { t } from '../../i18n';
import { formatBytes, formatDuration, formatNumber } from '../../i18n/format';
import classes from './Stream.module.css';

/** StreamFacts are the figures of a stream in one line. */
export function StreamFacts({ about, filtered }: { about: go.StreamOut; filtered: boolean }) {
  const what =
    about.kind === 'frames'
      ? t('exchange.stream.frames', { count: about.total })
      : about.kind === 'pieces'
        ? t('exchange.stream.pieces', { count: about.total })
        : t('exchange.stream.events', { count: about.total });
  const facts = [
    filtered ? t('exchange.stream.matching', { count: about.count, what }) : what,
    formatBytes(about.bytes),
    about.first_ms > 0 && t('exchange.stream.first', { time: formatDuration(about.first_ms) }),
    about.tokens_second > 0 &&
      t('exchange.stream.rate', { rate: formatNumber(Math.round(about.tokens_second * 10) / 10) }),
    about.longest_ms > 0 && t('exchange.stream.longest', { time: formatDuration(about.longest_ms) }),
    about.comments > 0 && t('exchange.stream.comments', { count: about.comments }),
    about.dropped > 0 && t('exchange.stream.dropped', { count: about.dropped }),
    about.live && t('exchange.facts.streaming'),
  ];
  return (
    <ul className={classes.facts} aria-label={t('exchange.stream.facts')}>
      {facts
        .filter((fact) => fact !== false)
        .map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
    </ul>
  );
}
