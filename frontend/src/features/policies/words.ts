// Words for what Go names by a code. A code that has none here is shown as it is.
import type { go } from '../../api';
import { t } from '../../i18n';

const code = (value: string) => value.replace(/\W/g, '_');

/** modes of the guard, the mildest first. */
export const modes = ['off', 'monitor', 'enforce'] as const;

export type Mode = (typeof modes)[number];

/** modeWord is how far the guard goes; modeText says what that means. */
export const modeWord = (mode: string): string => t('policies.word.mode', { mode: code(mode), raw: mode });
export const modeText = (mode: string): string => t('policies.word.modeText', { mode: code(mode) });

/** actionWord is what a policy does; actionText says how. */
export const actionWord = (action: string): string =>
  t('policies.word.action', { action: code(action), raw: action });
export const actionText = (action: string): string => t('policies.word.actionText', { action: code(action) });

/** sideWord is which half of an exchange is looked at. */
export const sideWord = (side: string): string =>
  t('policies.word.side', { side: code(side || 'both'), raw: side });

/** signWord is a kind of sign. */
export const signWord = (kind: string): string => t('policies.word.sign', { kind: code(kind), raw: kind });

/** roleWord is who says a text. */
export const roleWord = (role: string): string => t('policies.word.role', { role: code(role), raw: role });

/** groupWord is what names of a kind have in common. */
export const groupWord = (group: string): string =>
  t('policies.word.group', { group: code(group), raw: group });

/** answerWord is what a person said. */
export const answerWord = (answer: string): string =>
  t('policies.word.answer', { answer: code(answer), raw: answer });

/** failsWord is what becomes of something that cannot be looked at in time. */
export const failsWord = (closed: boolean): string =>
  closed ? t('policies.fails.closed') : t('policies.fails.open');

/** outletWord is a kind of outlet. */
export const outletWord = (kind: string): string =>
  t('policies.word.outlet', { kind: code(kind), raw: kind });

const listed = (words: readonly string[]) => words.join(', ');

const classes = ['secret', 'personal'];

/** matchWords is what a policy matches: all that it names has to hold. */
export function matchWords(form: go.PolicyForm): string {
  const types = form.types.map((type) => (classes.includes(type) ? groupWord(`all_${type}`) : type));
  const parts = [
    form.signs.length > 0 && t('policies.match.signs', { list: listed(form.signs.map(signWord)) }),
    types.length > 0 && t('policies.match.types', { list: listed(types) }),
    form.rules.length > 0 && t('policies.match.rules', { list: listed(form.rules) }),
    form.tools.length > 0 && t('policies.match.tools', { list: listed(form.tools) }),
    form.models.length > 0 && t('policies.match.models', { list: listed(form.models) }),
    form.budget && t('policies.match.budget', { budget: form.budget }),
    form.least > 0 && t('policies.match.least', { least: form.least }),
    form.where && t('policies.match.where', { where: form.where }),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('; ') : t('policies.match.everything');
}
