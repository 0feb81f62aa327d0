// Words for what Go names by a code. A code that has none here is shown as it is.
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDuration, formatMoney, formatNumber } from '../../i18n/format';

// What ICU messages choose by has no hyphens.
const code = (value: string) => value.replace(/\W/g, '_');

/** verdictWord is what a case or a trial came to; of none, that it is pending. */
export const verdictWord = (verdict: string): string =>
  t('tests.word.verdict', { verdict: code(verdict || 'pending'), raw: verdict });

/** stateWord is where a run stands. */
export const stateWord = (state: string): string => t('tests.word.state', { state: code(state), raw: state });

/** severityWord is how bad it is. */
export const severityWord = (severity: string): string =>
  t('tests.word.severity', { severity: code(severity), raw: severity });

/** changeWord is what became of a case between two runs. */
export const changeWord = (change: string): string =>
  t('tests.word.change', { change: code(change), raw: change });

/** levelWord is what a template changes. */
export const levelWord = (level: string): string => t('tests.word.level', { level: code(level), raw: level });

/** byWord is who gave a verdict. */
export const byWord = (by: string): string => t('tests.word.by', { by: code(by), raw: by });

/** slotWord is where in a request a text stands. */
export const slotWord = (slot: string): string => t('tests.word.slot', { slot: code(slot), raw: slot });

/** mutationWord is a mutation; a text that goes as it is has none. */
export const mutationWord = (mutation: string): string =>
  mutation === '' || mutation === 'none' ? t('tests.asItIs') : mutation;

/** severities from the worst. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** severityRank sorts severities: the worst is 0. */
export function severityRank(severity: string): number {
  const at = severities.indexOf(severity as (typeof severities)[number]);
  return at < 0 ? severities.length : at;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** shortNumber is a number that is an estimate anyway: 61K. */
export const shortNumber = (n: number): string =>
  n < 10_000 ? formatNumber(Math.round(n)) : compact.format(n);

function span(low: number, high: number, write: (value: number) => string): string {
  const [from, to] = [write(low), write(high)];
  return from === to ? to : t('tests.span', { low: from, high: to });
}

/** countSpan is an estimate of a number. */
export const countSpan = ({ low, high }: go.Span): string => span(low, high, shortNumber);

/** timeSpan is an estimate of seconds: whole seconds or minutes, for it is no more than that. */
export function timeSpan({ low, high }: go.Span): string {
  if (high < 1) return t('tests.soon');
  const unit = high < 120 ? 1 : 60;
  const [from, to] = [Math.max(1, Math.floor(low / unit)), Math.ceil(high / unit)];
  return span(from, to, (n) => formatDuration(n * unit * 1000));
}

/** moneySpan is an estimate of an amount. */
export const moneySpan = ({ low, high }: go.Span): string => span(low, high, (usd) => formatMoney(usd));

/** costWord is what a plan costs, as the button says it. */
export function costWord(forecast: go.Forecast): string {
  if (!forecast.priced) return t('tests.plan.costUnknown');
  if (forecast.usd.high === 0) return t('tests.plan.costNothing');
  return t('tests.plan.cost', { cost: moneySpan(forecast.usd) });
}

/** doneOf is how many cases are finished. */
export const doneOf = ({ cases, counts }: go.RunTally): number => cases - counts.pending;
