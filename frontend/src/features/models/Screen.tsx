import { t } from '../../i18n';

/** The screen Models. */
export default function ModelsScreen() {
  return <h1>{t('models.title')}</h1>;
}
