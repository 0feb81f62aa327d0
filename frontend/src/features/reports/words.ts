// Words for what Go names by a code. A code that has none here is shown as it is.
import type { go } from '../../api';
import { t } from '../../i18n';

/** audienceWord is who a report is for. */
export const audienceWord = (audience: string): string =>
  t('reports.word.audience', { audience, raw: audience });

/** sectionWord is a section of a report. */
export const sectionWord = (section: string): string => t('reports.word.section', { section, raw: section });

/** formatWord is what a report is written as. */
export const formatWord = (format: string): string => t('reports.word.format', { format, raw: format });

/** formatText says what a format is good for. */
export const formatText = (format: string): string => t('reports.word.formatText', { format });

/** kindCount is how many different values of a type: 3 API keys. */
export const kindCount = ({ n, word, many }: { n: number; word: string; many: string }): string =>
  t('reports.hidden.count', { n, what: n === 1 ? word : many });

/** values counts different values. */
export const values = (kinds: readonly go.HiddenKind[]): { hidden: number; shown: number } => ({
  hidden: kinds.reduce((sum, { n, shown }) => sum + n - shown, 0),
  shown: kinds.reduce((sum, { shown }) => sum + shown, 0),
});

/** kindList names what is hidden: 3 API keys, 31 e-mail addresses and 2 more types. */
export function kindList(kinds: readonly go.HiddenKind[], most = 4): string {
  const some = kinds.map((kind) => ({ ...kind, n: kind.n - kind.shown })).filter(({ n }) => n > 0);
  const words = some.slice(0, most).map(kindCount);
  if (some.length > most) words.push(t('reports.hidden.more', { n: some.length - most }));
  return words.join(', ');
}
