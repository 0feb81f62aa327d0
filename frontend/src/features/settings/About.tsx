import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { screens } from '../../frame/screens';
import { Copy, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Setting } from './Setting';
import classes from './settings.module.css';

/** About is what this program is made of, and the text that helps when something is wrong with it. */
export function About() {
  const { data, error, refetch, isPending } = useQuery({
    queryKey: ['settings', 'about'],
    queryFn: () => api.settings.About({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading rows={3} />;
  const build = [data.commit.slice(0, 12), data.built, data.go, data.system].filter((each) => each);
  return (
    <>
      <Setting own label={t('settings.about.version')} help={build.join(' · ')}>
        {() => (
          <>
            <code>{data.version}</code>
            <Copy text={[data.version, ...build].join(' ')} title={t('settings.about.copyVersion')} />
          </>
        )}
      </Setting>
      <Diagnostics />
      {screens.gallery && (
        <Setting own label={t('settings.about.gallery.label')} help={t('settings.about.gallery.help')}>
          {() => (
            <Button variant="default" onClick={() => useNav.getState().go('gallery')}>
              {t('settings.about.gallery.button')}
            </Button>
          )}
        </Setting>
      )}
      <Setting
        own
        label={t('settings.about.licence')}
        help={t('settings.about.licenceHelp', { licence: data.licence })}
      >
        {() => null}
      </Setting>
      <Setting
        own
        label={t('settings.about.parts')}
        help={t('settings.about.partsHelp', { n: data.modules.length })}
      >
        {() => null}
      </Setting>
      <ul className={classes.parts}>
        {data.modules.map(({ name, version }) => (
          <li key={name}>
            {name} {version}
          </li>
        ))}
      </ul>
    </>
  );
}

function Diagnostics() {
  const [text, setText] = useState('');
  const load = async () => {
    const { text: fresh } = await api.settings.Diagnostics({});
    setText(fresh);
    return fresh;
  };
  return (
    <>
      <Setting own label={t('settings.about.diagnostics.label')} help={t('settings.about.diagnostics.help')}>
        {() => (
          <>
            <Copy text={load} label={t('settings.about.diagnostics.copy')} />
            <Button variant="subtle" onClick={() => void load()}>
              {t('settings.about.diagnostics.show')}
            </Button>
          </>
        )}
      </Setting>
      {text && (
        <Textarea
          readOnly
          autosize
          minRows={6}
          maxRows={24}
          aria-label={t('settings.about.diagnostics.label')}
          value={text}
          styles={{ input: { fontFamily: 'var(--as-mono)' } }}
        />
      )}
    </>
  );
}
