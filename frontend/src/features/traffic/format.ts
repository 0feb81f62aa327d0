import { locale } from '../../i18n';
import { formatDuration, formatTime } from '../../i18n/format';

const day = new Intl.DateTimeFormat(locale, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

const RECENT = 12 * 3_600_000;

/** took is a time span; empty when it is not known. */
export function took(ms: number): string {
  return ms > 0 ? formatDuration(ms) : '';
}

/** at is when something began: the clock for the last hours, with the day before that. */
export function at(started: string, now = Date.now()): string {
  const time = Date.parse(started);
  if (Number.isNaN(time)) return '';
  return Math.abs(now - time) < RECENT ? formatTime(started) : day.format(time);
}
