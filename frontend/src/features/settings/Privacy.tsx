import { List, Text } from '@mantine/core';
import { useContext } from 'react';
import { t } from '../../i18n';
import { found, Wanted } from './Setting';
import classes from './settings.module.css';

/** Privacy is a plain list of what leaves this machine and what does not. */
export function Privacy() {
  const wanted = useContext(Wanted);
  const leaves = [
    t('settings.privacy.recorded'),
    t('settings.privacy.sent'),
    t('settings.privacy.checked'),
    t('settings.privacy.outlets'),
    t('settings.privacy.written'),
  ];
  const stays = [
    t('settings.privacy.telemetry'),
    t('settings.privacy.updates'),
    t('settings.privacy.remote'),
    t('settings.privacy.credentials'),
  ];
  if (!found(wanted, t('settings.privacy.title'), ...leaves, ...stays)) return null;
  return (
    <div data-setting className={classes.plain}>
      <Text fw={600}>{t('settings.privacy.leaves')}</Text>
      <List>
        {leaves.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
      <Text fw={600} mt="md">
        {t('settings.privacy.stays')}
      </Text>
      <List>
        {stays.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
    </div>
  );
}
