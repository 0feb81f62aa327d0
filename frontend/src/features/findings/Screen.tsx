import { t } from '../../i18n';

/** The screen Findings. */
export default function FindingsScreen() {
  return <h1>{t('findings.title')}</h1>;
}
