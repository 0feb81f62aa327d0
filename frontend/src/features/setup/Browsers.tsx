import { ActionIcon, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconWorld, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { choosePath } from '../../frame/choose';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Trust } from './Clients';
import classes from './setup.module.css';
import { Tile } from './Tile';
import { type Status, useAct } from './useSetup';

const names: Record<string, string> = {
  chrome: 'Google Chrome',
  chromium: 'Chromium',
  edge: 'Microsoft Edge',
  brave: 'Brave',
  firefox: 'Firefox',
};

/** Browsers opens the browsers of this machine with a profile of their own. */
export function Browsers({ found, status }: { found: go.Found; status: Status }) {
  const [page, setPage] = useState('');
  const open = useAct((which: { name: string; path: string }) =>
    api.setup.OpenBrowser({ ...which, page: page.trim() }),
  );
  const pick = async () => {
    const path = await choosePath({ title: t('setup.browser.pickTitle') });
    if (path) open.mutate({ name: '', path });
  };
  const started = status.started.filter(({ kind }) => kind === 'browser');
  return (
    <Tile
      icon={<IconWorld size={20} />}
      title={t('setup.browser.title')}
      text={wordsOf(found.screen, status.listen)}
      section="browser"
    >
      {found.browsers.length === 0 && <Text size="sm">{t('setup.browser.none')}</Text>}
      {found.screen && (
        <>
          <ul className={classes.lines}>
            {found.browsers.map(({ name, path }) => (
              <li key={name} className={classes.line}>
                <span className={classes.grow}>
                  {names[name] ?? name}
                  <br />
                  <span className={classes.path}>{path}</span>
                </span>
                <Button
                  size="compact-md"
                  variant="default"
                  loading={open.isPending && open.variables?.name === name}
                  aria-label={t('setup.browser.openNamed', { name: names[name] ?? name })}
                  onClick={() => open.mutate({ name, path: '' })}
                >
                  {t('setup.browser.open')}
                </Button>
              </li>
            ))}
          </ul>
          <Group align="end" gap="xs">
            <TextInput
              className={classes.grow ?? ''}
              label={t('setup.browser.page')}
              placeholder={status.target.url || t('setup.browser.blank')}
              value={page}
              size="xs"
              onChange={(event) => setPage(event.currentTarget.value)}
            />
            <Button size="xs" variant="subtle" onClick={pick}>
              {t('setup.browser.pick')}
            </Button>
          </Group>
        </>
      )}
      <Running started={started} />
    </Tile>
  );
}

function Running({ started }: { started: go.Started[] }) {
  const end = useAct((id: string) => api.setup.EndClient({ id }));
  if (started.length === 0) return null;
  return (
    <ul className={classes.lines} aria-label={t('setup.running.title')}>
      {started.map((one) => (
        <li key={one.id} className={classes.line}>
          <span className={classes.grow}>
            {names[one.name] ?? one.name}
            {': '}
            {one.ended ? (
              <span className={one.problem ? classes.bad : undefined}>
                {one.problem ? <Visible text={one.problem} /> : t('setup.running.ended')}
              </span>
            ) : one.counted ? (
              <Trust requests={one.requests} read={one.read} refused={one.refused} />
            ) : (
              t('setup.running.on')
            )}
          </span>
          <Tooltip label={one.ended ? t('setup.running.forget') : t('setup.running.end')}>
            <ActionIcon
              variant="subtle"
              aria-label={one.ended ? t('setup.running.forget') : t('setup.running.end')}
              onClick={() => end.mutate(one.id)}
            >
              <IconX size={15} />
            </ActionIcon>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}

function wordsOf(screen: boolean, listen: string): string {
  if (screen) return t('setup.browser.text');
  return listen ? t('setup.browser.noScreen', { listen }) : t('setup.browser.noScreenOff');
}
