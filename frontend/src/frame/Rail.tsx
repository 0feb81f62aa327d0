import { Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconFlag,
  IconFlask,
  IconHome,
  IconListDetails,
  IconListSearch,
  IconRepeat,
  IconReportAnalytics,
  IconSettings,
  IconShieldCheck,
  IconSitemap,
  type TablerIcon,
} from '@tabler/icons-react';
import { useFreshOverview, useOverview } from '../features/inventory/overview';
import { t } from '../i18n';
import classes from './frame.module.css';
import { type ScreenId, useNav } from './nav';

interface Entry {
  screen: ScreenId;
  name: string;
  icon: TablerIcon;
  /** what is there that the person has not seen */
  news?: number;
}

// In the order of work.
function entries(news: number): Entry[] {
  return [
    { screen: 'home', name: t('frame.screen.home'), icon: IconHome },
    { screen: 'traffic', name: t('frame.screen.traffic'), icon: IconListDetails },
    { screen: 'inventory', name: t('frame.screen.inventory'), icon: IconListSearch, news },
    { screen: 'models', name: t('frame.screen.models'), icon: IconSitemap },
    { screen: 'repeater', name: t('frame.screen.repeater'), icon: IconRepeat },
    { screen: 'tests', name: t('frame.screen.tests'), icon: IconFlask },
    { screen: 'findings', name: t('frame.screen.findings'), icon: IconFlag },
    { screen: 'policies', name: t('frame.screen.policies'), icon: IconShieldCheck },
    { screen: 'reports', name: t('frame.screen.reports'), icon: IconReportAnalytics },
    { screen: 'settings', name: t('frame.screen.settings'), icon: IconSettings },
  ];
}

/** Rail leads to the screens, by icons alone where it is narrow. */
export function Rail({ narrow }: { narrow: boolean }) {
  const { screen, go } = useNav();
  useFreshOverview();
  const news = useOverview().data?.changes ?? 0;
  return (
    <nav className={classes.rail} data-pane="rail" aria-label={t('frame.rail.label')}>
      {entries(news).map(({ screen: to, name, icon: Icon, news = 0 }) => (
        <Tooltip
          key={to}
          label={name}
          disabled={!narrow}
          position="right"
          events={{ hover: true, focus: true, touch: true }}
        >
          <UnstyledButton
            className={classes.entry}
            data-last={to === 'settings' || undefined}
            aria-label={labelOf(name, news)}
            aria-current={screen === to ? 'page' : undefined}
            onClick={() => go(to)}
          >
            <Icon size={18} stroke={1.6} aria-hidden />
            <span className={classes.word}>{name}</span>
            {news > 0 && (
              <span className={classes.news} aria-hidden>
                {news > 99 ? '99+' : news}
              </span>
            )}
          </UnstyledButton>
        </Tooltip>
      ))}
    </nav>
  );
}

function labelOf(name: string, news: number): string {
  return news > 0 ? t('frame.rail.news', { name, n: news }) : name;
}
