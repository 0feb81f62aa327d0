import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Code } from './Code';

interface StepsProps {
  trust: boolean;
  steps: go.CertificateOut['trust'];
  running: boolean;
  onRun(): void;
  onClose(): void;
}

/** Steps shows what would be run on this computer, store by store, before anything is run. */
export function Steps({ trust, steps, running, onRun, onClose }: StepsProps) {
  const stores = [...new Set(steps.map(({ store }) => store))];
  const root = steps.some((step) => step.root);
  return (
    <Alert
      color={trust ? 'yellow' : 'gray'}
      title={trust ? t('setup.steps.trust') : t('setup.steps.untrust')}
      role="region"
      aria-label={trust ? t('setup.steps.trust') : t('setup.steps.untrust')}
    >
      <Stack gap="sm">
        <Text size="sm">{trust ? t('setup.steps.warning') : t('setup.steps.remove')}</Text>
        {stores.map((store) => {
          const mine = steps.filter((step) => step.store === store);
          return (
            <div key={store}>
              <Text size="sm" fw={600}>
                {store}
              </Text>
              <Text size="xs" c="dimmed">
                {mine.map(({ why }) => why).join('; ')}
              </Text>
              <Code
                wrap
                text={mine.map(({ command }) => command).join('\n')}
                label={t('setup.steps.copy', { store })}
              />
            </div>
          );
        })}
        {root && <Text size="sm">{t('setup.steps.root')}</Text>}
        <Group gap="xs">
          <Button color={trust ? 'yellow' : 'red'} loading={running} onClick={onRun}>
            {trust ? t('setup.steps.run') : t('setup.steps.runRemove')}
          </Button>
          <Button variant="default" disabled={running} onClick={onClose}>
            {t('setup.cancel')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
