import { t } from '../../i18n';
import { SwitchSetting } from './controls';
import type { SettingsHold } from './useSettings';

/** Alerts is how a person is told who looks elsewhere. */
export function Alerts({ hold: { data, change } }: { hold: SettingsHold }) {
  if (!data) return null;
  return (
    <SwitchSetting
      label={t('settings.alerts.desktop.label')}
      help={t('settings.alerts.desktop.help')}
      value={data.settings.alerts.desktop}
      ordinary={data.defaults.alerts.desktop}
      onChange={(desktop) => change('alerts', { desktop })}
    />
  );
}
