import { Alert, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconFile } from '@tabler/icons-react';
import type { go } from '../api';
import { t } from '../i18n';
import { Visible } from '../theme/Visible';
import classes from './frame.module.css';
import { useProjects, useRecentProjects } from './project';

/** NoProject stands in for every screen while no project is open: why, and which others there are. */
export function NoProject({ fault }: { fault: go.Fault }) {
  const { busy, choose, create, open } = useProjects();
  const recent = useRecentProjects(true).data?.projects ?? [];
  return (
    <Stack className={classes.noProject ?? ''} gap="md">
      <Title order={1}>{t('frame.noProject.title')}</Title>
      {fault.message ? (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={18} />}
          title={<Visible text={fault.message} />}
          role="alert"
        >
          {fault.hint && <Visible text={fault.hint} />}
        </Alert>
      ) : (
        <Text c="dimmed">{t('frame.noProject.text')}</Text>
      )}
      <Group>
        <Button onClick={create} loading={busy}>
          {t('frame.project.create')}
        </Button>
        <Button variant="default" onClick={choose} disabled={busy}>
          {t('frame.project.open')}
        </Button>
      </Group>
      {recent.length > 0 && (
        <section aria-label={t('frame.project.recent')}>
          <Text fw={600} mb="xs">
            {t('frame.project.recent')}
          </Text>
          {recent.map(({ path, name }) => (
            <UnstyledButton key={path} className={classes.recent} onClick={() => open(path)}>
              <IconFile size={16} aria-hidden />
              <Visible text={name} />
              <Text component="span" size="xs" c="dimmed" className={classes.path ?? ''}>
                <Visible text={path} />
              </Text>
            </UnstyledButton>
          ))}
        </section>
      )}
    </Stack>
  );
}
