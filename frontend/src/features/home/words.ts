// Words for what Go names by a code. A code that has none here is shown as it is.
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';

// What ICU messages choose by has no hyphens.
const code = (value: string) => value.replace(/\W/g, '_');

/** states of an item of a framework, the worst first. */
export const states = ['vulnerable', 'tested', 'not_tested', 'not_testable', 'resisted'] as const;

/** itemWord is how an item stands. */
export const itemWord = (state: string): string => t('home.word.item', { state: code(state), raw: state });

/** areaWord is a part of the score. */
export const areaWord = (area: string): string => t('home.word.area', { area: code(area), raw: area });

/** moveWord is what became of something that takes points away. */
export const moveWord = (kind: string): string => t('home.word.move', { kind: code(kind) });

/** requirementWord is whether a requirement holds. */
export const requirementWord = (state: string): string =>
  t('home.word.requirement', { state: code(state), raw: state });

/** effortWord is how much work something is. */
export const effortWord = (effort: string): string =>
  t('home.word.effort', { effort: code(effort), raw: effort });

/** kindWord is what an asset is. */
export const kindWord = (kind: string): string => t('home.word.kind', { kind: code(kind), raw: kind });

/** causeWord is why a snapshot was taken. */
export function causeWord(cause: string): string {
  const run = /^run:(\d+)$/.exec(cause)?.[1];
  return run ? t('home.word.run', { run }) : t('home.word.cause', { cause: code(cause), raw: cause });
}

/** short is the id of an item without the version that every item of its framework has. */
export const short = (id: string): string => id.replace(/:20\d\d$/, '');

/** points writes points with one decimal, as they are counted. */
export const points = (n: number): string => formatNumber(Math.round(n * 10) / 10);

/** signed writes points with their sign. */
export function signed(n: number): string {
  const size = points(Math.abs(n));
  return n < 0 ? `−${size}` : `+${size}`;
}
