// Words for what Go names by a code. A code that has none here is shown as it is.
import { locale, t } from '../../i18n';
import { formatTime } from '../../i18n/format';

// What ICU messages choose by has no hyphens.
const code = (value: string) => value.replace(/\W/g, '_');

/** kindWord is what sort of service an endpoint or a service is. */
export const kindWord = (kind: string): string => t('inventory.word.kind', { kind: code(kind), raw: kind });

/** accessWord is from where an endpoint can be reached. */
export const accessWord = (access: string): string =>
  t('inventory.word.access', { access: code(access), raw: access });

/** documentedWord is how an endpoint stands to documents. */
export const documentedWord = (state: string): string =>
  t('inventory.word.documented', { state: code(state || 'unknown'), raw: state });

/** authWord is a way to prove who one is. */
export const authWord = (kind: string): string => t('inventory.word.auth', { kind: code(kind), raw: kind });

/** assetWord is a kind of asset, in the plural. */
export const assetWord = (kind: string): string => t('inventory.word.asset', { kind: code(kind), raw: kind });

/** oneAssetWord is a kind of asset, in the singular. */
export const oneAssetWord = (kind: string): string =>
  t('inventory.word.oneAsset', { kind: code(kind), raw: kind });

/** changeWord is what sort of change a line of the timeline is about. */
export const changeWord = (kind: string): string =>
  t('inventory.word.change', { kind: code(kind), raw: kind });

/** severityWord is how bad a change is. */
export const severityWord = (severity: string): string =>
  t('inventory.word.severity', { severity: code(severity), raw: severity });

/** classWord is a class of sensitive data. */
export const classWord = (name: string): string => t('inventory.word.class', { name: code(name), raw: name });

/** directionWord is which way data travels. */
export const directionWord = (direction: string): string =>
  t('inventory.word.direction', { direction: code(direction), raw: direction });

/** placeWord is where in a request a parameter is. */
export const placeWord = (place: string): string =>
  t('inventory.word.in', { place: code(place), raw: place });

/** riskLevel sorts a risk of 0 to 100. */
export function riskLevel(risk: number): 'none' | 'low' | 'medium' | 'high' {
  if (risk >= 70) return 'high';
  if (risk >= 40) return 'medium';
  return risk > 0 ? 'low' : 'none';
}

const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

const HALF_DAY = 12 * 3_600_000;

/** whenWord is a moment as short as it can be: the clock for the last hours, the day before that. */
export function whenWord(iso: string, now = Date.now()): string {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return '';
  return Math.abs(now - moment) < HALF_DAY ? formatTime(iso) : shortDay.format(moment);
}

/** dayWord is the day of a moment. */
export function dayWord(iso: string): string {
  const moment = Date.parse(iso);
  return Number.isNaN(moment) ? '' : dayFormat.format(moment);
}

/** shortPrint is the beginning of a fingerprint, enough to tell two apart. */
export const shortPrint = (fingerprint: string): string => fingerprint.slice(0, 12);
