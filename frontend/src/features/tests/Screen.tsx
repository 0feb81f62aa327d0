import { t } from '../../i18n';

/** The screen Tests. */
export default function TestsScreen() {
  return <h1>{t('tests.title')}</h1>;
}
