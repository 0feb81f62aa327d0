import { t } from '../../i18n';
import { appearanceDefaults, fontSizes, useAppearance } from '../../theme/appearance';
import { ChoiceSetting, NumberSetting, SwitchSetting } from './controls';

/** Appearance is how the window looks; sync.ts keeps it in the settings file. */
export function Appearance() {
  const { theme, density, fontSize, reduceMotion, set } = useAppearance();
  return (
    <>
      <ChoiceSetting
        label={t('settings.appearance.theme.label')}
        help={t('settings.appearance.theme.help')}
        value={theme}
        ordinary={appearanceDefaults.theme}
        onChange={(next) => set({ theme: next })}
        choices={[
          { value: 'auto', label: t('settings.appearance.theme.auto') },
          { value: 'dark', label: t('settings.appearance.theme.dark') },
          { value: 'light', label: t('settings.appearance.theme.light') },
          { value: 'contrast', label: t('settings.appearance.theme.contrast') },
        ]}
      />
      <ChoiceSetting
        label={t('settings.appearance.density.label')}
        help={t('settings.appearance.density.help')}
        value={density}
        ordinary={appearanceDefaults.density}
        onChange={(next) => set({ density: next })}
        choices={[
          { value: 'compact', label: t('settings.appearance.density.compact') },
          { value: 'comfortable', label: t('settings.appearance.density.comfortable') },
        ]}
      />
      <NumberSetting
        label={t('settings.appearance.size.label')}
        help={t('settings.appearance.size.help')}
        value={fontSize}
        ordinary={appearanceDefaults.fontSize}
        min={fontSizes.least}
        max={fontSizes.most}
        suffix={t('settings.appearance.size.unit')}
        onChange={(next) => set({ fontSize: next })}
      />
      <SwitchSetting
        label={t('settings.appearance.motion.label')}
        help={t('settings.appearance.motion.help')}
        value={reduceMotion}
        ordinary={appearanceDefaults.reduceMotion}
        onChange={(next) => set({ reduceMotion: next })}
      />
    </>
  );
}
