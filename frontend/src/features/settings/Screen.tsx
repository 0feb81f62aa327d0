import { TextInput, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useNav } from '../../frame/nav';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { About } from './About';
import { Alerts } from './Alerts';
import { Appearance } from './Appearance';
import { Capture } from './Capture';
import { Certificate } from './Certificate';
import { Data } from './Data';
import { Privacy } from './Privacy';
import { Wanted } from './Setting';
import { Shortcuts } from './Shortcuts';
import classes from './settings.module.css';
import { type SettingsHold, useSettings } from './useSettings';

interface Part {
  id: string;
  title: string;
  show(hold: SettingsHold): ReactNode;
}

const parts = (): Part[] => [
  { id: 'capture', title: t('settings.capture.title'), show: (hold) => <Capture hold={hold} /> },
  { id: 'certificate', title: t('settings.certificate.title'), show: () => <Certificate /> },
  { id: 'appearance', title: t('settings.appearance.title'), show: () => <Appearance /> },
  { id: 'alerts', title: t('settings.alerts.title'), show: (hold) => <Alerts hold={hold} /> },
  { id: 'shortcuts', title: t('settings.shortcuts.title'), show: () => <Shortcuts /> },
  { id: 'privacy', title: t('settings.privacy.title'), show: () => <Privacy /> },
  { id: 'data', title: t('settings.data.title'), show: (hold) => <Data hold={hold} /> },
  { id: 'about', title: t('settings.about.title'), show: () => <About /> },
];

/** The settings: sections at the left, a search over all of them on top. */
export default function Screen() {
  const hold = useSettings();
  const [wanted, setWanted] = useState('');
  const { params, go } = useNav();
  const all = parts();
  const current = all.find((each) => each.id === params.section) ?? all[0];
  const shown = wanted.trim() ? all : all.filter((each) => each === current);
  return (
    <div className={classes.screen}>
      <VisuallyHidden component="h1">{t('settings.title')}</VisuallyHidden>
      <nav className={classes.sections} aria-label={t('settings.sections')}>
        <TextInput
          type="search"
          aria-label={t('settings.search')}
          placeholder={t('settings.search')}
          leftSection={<IconSearch size={15} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        {all.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            className={classes.section}
            aria-current={!wanted.trim() && id === current?.id ? 'page' : undefined}
            onClick={() => {
              setWanted('');
              go('settings', { section: id });
            }}
          >
            {title}
          </button>
        ))}
      </nav>
      <div className={classes.content}>
        <Content hold={hold} parts={shown} wanted={wanted.trim()} />
      </div>
    </div>
  );
}

function Content({ hold, parts, wanted }: { hold: SettingsHold; parts: Part[]; wanted: string }) {
  if (hold.isPending) return <Loading rows={8} />;
  return (
    <Wanted.Provider value={wanted}>
      {hold.error && <ErrorState error={hold.error} onRetry={() => void hold.refetch()} />}
      {parts.map(({ id, title, show }) => (
        <section key={id} className={classes.part} data-searching={wanted !== '' || undefined}>
          <h2>{title}</h2>
          {show(hold)}
        </section>
      ))}
      {wanted && (
        <div className={classes.none}>
          <EmptyState title={t('settings.none.title')} text={t('settings.none.text', { wanted })} />
        </div>
      )}
    </Wanted.Provider>
  );
}
