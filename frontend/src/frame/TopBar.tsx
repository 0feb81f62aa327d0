import { Button, UnstyledButton } from '@mantine/core';
import { IconPlugConnected, IconSearch } from '@tabler/icons-react';
import { runCommand } from '../commands';
import { KeyCaps } from '../commands/KeyCaps';
import { GuardPill } from '../features/policies/GuardPill';
import { t } from '../i18n';
import { CapturePill } from './CapturePill';
import classes from './frame.module.css';
import { useNav } from './nav';
import { ProjectMenu } from './ProjectMenu';

/** TopBar names the project, switches the recorder and opens the palette. */
export function TopBar() {
  const go = useNav((nav) => nav.go);
  return (
    <section className={classes.top} data-pane="top" aria-label={t('frame.top.label')}>
      <ProjectMenu />
      <CapturePill />
      <GuardPill />
      <div className={classes.space} />
      <UnstyledButton className={classes.search} onClick={() => runCommand('frame.palette')}>
        <IconSearch size={15} aria-hidden />
        <span>{t('frame.top.search')}</span>
        <KeyCaps keys="Mod+K" />
      </UnstyledButton>
      <Button variant="default" leftSection={<IconPlugConnected size={15} />} onClick={() => go('setup')}>
        {t('frame.top.connect')}
      </Button>
    </section>
  );
}
