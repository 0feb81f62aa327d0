import { Button, Text, Title } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useCapture } from '../../frame/capture';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import classes from './setup.module.css';
import type { Status } from './useSetup';

/** Header says whether anything arrives, and leads on once it does. */
export function Header({ status }: { status: Status }) {
  const go = useNav((nav) => nav.go);
  const { start, busy } = useCapture();
  const state = status.seen > 0 ? 'seen' : status.listen ? 'waiting' : 'off';
  return (
    <header className={classes.header}>
      <div>
        <Title order={1} size="h3">
          {t('setup.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('setup.legal')}
        </Text>
      </div>
      <div className={classes.waiting} data-state={state} role="status">
        <span className={classes.dot} aria-hidden />
        {state === 'seen' && t('setup.header.seen', { n: status.seen })}
        {state === 'waiting' && t('setup.header.waiting', { listen: status.listen })}
        {state === 'off' && t('setup.header.off')}
        {state === 'seen' && (
          <Button
            size="compact-sm"
            rightSection={<IconArrowRight size={14} aria-hidden />}
            onClick={() => go('traffic')}
          >
            {t('setup.header.go')}
          </Button>
        )}
        {state === 'off' && (
          <Button size="compact-sm" variant="light" loading={busy} onClick={() => start()}>
            {t('setup.header.start')}
          </Button>
        )}
      </div>
    </header>
  );
}
