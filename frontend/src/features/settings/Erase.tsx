import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone, notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { Setting } from './Setting';

/** Erase deletes the open project for good, once its name was typed. */
export function Erase({ data }: { data: go.DataOut }) {
  const [asking, setAsking] = useState(false);
  return (
    <Setting own label={t('settings.data.erase.label')} help={t('settings.data.erase.help')}>
      {({ describedby }) => (
        <>
          <Button
            color="red"
            variant="outline"
            disabled={data.read_only}
            aria-describedby={describedby}
            onClick={() => setAsking(true)}
          >
            {t('settings.data.erase.button')}
          </Button>
          <Modal
            opened={asking}
            onClose={() => setAsking(false)}
            title={t('settings.data.erase.title', { name: data.name })}
          >
            <Confirm name={data.name} n={data.exchanges} onClose={() => setAsking(false)} />
          </Modal>
        </>
      )}
    </Setting>
  );
}

function Confirm({ name, n, onClose }: { name: string; n: number; onClose(): void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => api.settings.Erase({ name: typed }),
    onSuccess: () => {
      onClose();
      notifyDone(t('settings.data.erase.done', { name }));
    },
    onError: notifyError,
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) erase.mutate();
      }}
    >
      <Stack>
        <Text>{t('settings.data.erase.warning', { n })}</Text>
        <TextInput
          data-autofocus
          label={t('settings.data.erase.type', { name })}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <Button type="submit" color="red" disabled={typed !== name} loading={erase.isPending}>
            {t('settings.data.erase.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
