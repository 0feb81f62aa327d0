import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { IconBrandDocker, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { t } from '../../i18n';
import { Code } from './Code';
import classes from './setup.module.css';
import { Tile } from './Tile';
import { type Status, useAct } from './useSetup';

/** OtherMachine lets telephones and other computers in, after asking. */
export function OtherMachine({ status: { remote, listen } }: { status: Status }) {
  const [asking, setAsking] = useState(false);
  const change = useAct((allow: boolean) => api.setup.Remote({ allow, confirmed: allow }));
  return (
    <Tile
      icon={<IconDeviceMobile size={20} />}
      title={t('setup.remote.title')}
      text={remote.allowed ? t('setup.remote.allowed') : t('setup.remote.text')}
      status={
        remote.allowed ? <span className={classes.warn}>{t('setup.remote.on')}</span> : t('setup.remote.off')
      }
      section="remote"
    >
      {remote.allowed && (
        <ol className={classes.steps}>
          <li>{t('setup.remote.step1')}</li>
          <li>
            {t('setup.remote.step2')}
            {remote.addresses.map((one) => (
              <Code key={one.ip} text={one.proxy} label={t('setup.remote.copyProxy')} title={one.interface} />
            ))}
          </li>
          <li>
            {t('setup.remote.step3')}
            {remote.addresses.map((one) => (
              <Code key={one.ip} text={one.certificate} label={t('setup.remote.copyCA')} />
            ))}
          </li>
          <li>{t('setup.remote.step4')}</li>
        </ol>
      )}
      {remote.addresses.length === 0 && <Text size="sm">{t('setup.remote.alone')}</Text>}
      <Group>
        {remote.allowed ? (
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate(false)}>
            {t('setup.remote.shut')}
          </Button>
        ) : (
          <Button variant="default" loading={change.isPending} onClick={() => setAsking(true)}>
            {t('setup.remote.open')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking}
        remote={remote}
        listen={listen}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          change.mutate(true);
        }}
      />
    </Tile>
  );
}

interface ConfirmProps {
  opened: boolean;
  remote: go.RemoteState;
  listen: string;
  onClose(): void;
  onConfirm(): void;
}

function Confirm({ opened, remote, listen, onClose, onConfirm }: ConfirmProps) {
  const [understood, setUnderstood] = useState(false);
  const close = () => {
    setUnderstood(false);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={t('setup.remote.confirmTitle')}>
      <Stack>
        <Alert color="yellow">{t('setup.remote.warning', { listen: remote.listen })}</Alert>
        <ul className={classes.lines}>
          {remote.addresses.map((one) => (
            <li key={one.ip} className={classes.line}>
              <span className={classes.path}>{one.ip}</span> {one.interface}
            </li>
          ))}
        </ul>
        {listen && <Text size="sm">{t('setup.remote.restart')}</Text>}
        <Checkbox
          label={t('setup.remote.understood')}
          checked={understood}
          onChange={(event) => setUnderstood(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('setup.cancel')}
          </Button>
          <Button
            color="yellow"
            disabled={!understood}
            onClick={() => {
              setUnderstood(false);
              onConfirm();
            }}
          >
            {t('setup.remote.open')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Containers shows how a container is connected. */
export function Containers({ found, status }: { found: go.Found; status: Status }) {
  const { docker } = found;
  const [compose, setCompose] = useState(false);
  return (
    <Tile
      icon={<IconBrandDocker size={20} />}
      title={t('setup.docker.title')}
      text={status.listen ? t('setup.docker.text') : t('setup.docker.off')}
      section="docker"
    >
      {docker.run && (
        <>
          {docker.remote && !status.remote.allowed && (
            <Text size="sm" className={classes.warn ?? ''}>
              {t('setup.docker.remote')}
            </Text>
          )}
          <Code
            text={compose ? docker.compose : docker.run}
            label={compose ? t('setup.docker.copyCompose') : t('setup.docker.copyRun')}
          />
          <Group>
            <Button variant="subtle" size="xs" onClick={() => setCompose(!compose)}>
              {compose ? t('setup.docker.asRun') : t('setup.docker.asCompose')}
            </Button>
          </Group>
        </>
      )}
    </Tile>
  );
}
