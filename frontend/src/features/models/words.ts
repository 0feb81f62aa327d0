// Words for what Go names by a code. A code that has none here is shown as it is.
import { t } from '../../i18n';

const code = (value: string) => value.replace(/\W/g, '_');

/** stateWord is how far a model has come: discovered, imported, tested. */
export const stateWord = (state: string): string =>
  t('models.word.state', { state: code(state), raw: state });

/** authWord is how a key is sent. */
export const authWord = (form: string, name = ''): string =>
  t('models.word.auth', { form: code(form || 'none'), name, raw: form });

/** keyWord is how a key is sent, and where it comes from. */
export const keyWord = (form: string, name: string, key: string): string =>
  form === 'none' ? key : t('models.fact.keyIs', { auth: authWord(form, name), key });

/** failureWord is in a few words why there was no answer. */
export const failureWord = (failure: string): string =>
  t('models.word.failure', { code: code(failure), raw: failure });

/** formWord is the form of a pasted text. */
export const formWord = (form: string): string => t('models.word.form', { form: code(form), raw: form });

/** wayWord is a way to import a model; wayText says for what. */
export const wayWord = (way: string): string => t('models.word.way', { way });
export const wayText = (way: string): string => t('models.word.wayText', { way });

/** roleWay is where the credentials of a role come from. */
export const roleWay = (way: string): string => t('models.word.roleWay', { way });

/** isImported tells whether a row was imported, tested or not. */
export const isImported = (state: string): boolean => state !== 'discovered';

/** hostOf is the host of an address; empty where it has none yet. */
export function hostOf(address: string): string {
  try {
    return new URL(address.includes('://') ? address : `https://${address}`).host;
  } catch {
    return '';
  }
}
