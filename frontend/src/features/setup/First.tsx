import { Button, Group } from '@mantine/core';
import { IconPlayerPlay, IconTarget } from '@tabler/icons-react';
import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { Code } from './Code';
import classes from './setup.module.css';
import { Tile } from './Tile';
import { type Status, useAct } from './useSetup';

/** First is what brings traffic without any program of one's own. */
export function First({ status, screen }: { status: Status; screen: boolean }) {
  const go = useNav((nav) => nav.go);
  const play = useAct(async () => {
    await api.setup.PlaySample({});
    go('traffic');
  });
  return (
    <div className={classes.first}>
      <Tile
        icon={<IconPlayerPlay size={20} />}
        title={t('setup.sample.title')}
        text={t('setup.sample.text')}
        section="sample"
      >
        <Group>
          <Button loading={play.isPending} onClick={() => play.mutate(undefined)}>
            {t('setup.sample.play')}
          </Button>
        </Group>
      </Tile>
      <Practice status={status} screen={screen} />
    </div>
  );
}

function Practice({ status: { target }, screen }: { status: Status; screen: boolean }) {
  const toggle = useAct((on: boolean) => api.setup.Target({ on }));
  const demo = useAct(() => api.setup.Demo({}));
  const open = useAct(async () => {
    const { target: now } = await api.setup.Target({ on: true });
    await api.setup.OpenBrowser({ name: '', path: '', page: now.url });
  });
  return (
    <Tile
      icon={<IconTarget size={20} />}
      title={t('setup.target.title')}
      text={t('setup.target.text')}
      status={
        target.on ? <span className={classes.good}>{t('setup.target.on')}</span> : t('setup.target.off')
      }
      section="target"
    >
      <Group gap="xs">
        <Button loading={demo.isPending} onClick={() => demo.mutate(undefined)}>
          {t('setup.target.demo')}
        </Button>
        {screen && (
          <Button variant="default" loading={open.isPending} onClick={() => open.mutate(undefined)}>
            {t('setup.target.page')}
          </Button>
        )}
        <Button variant="subtle" loading={toggle.isPending} onClick={() => toggle.mutate(!target.on)}>
          {target.on ? t('setup.target.stop') : t('setup.target.start')}
        </Button>
      </Group>
      {target.on && <Code text={target.url} label={t('setup.target.copyUrl')} />}
      {target.example && <Code wrap text={target.example} label={t('setup.target.copyExample')} />}
    </Tile>
  );
}
