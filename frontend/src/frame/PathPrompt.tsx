import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { t } from '../i18n';
import { usePrompt } from './choose';

/** PathPrompt asks for a path in the window, where there are no native dialogs. */
export function PathPrompt() {
  const { wanted, answer } = usePrompt();
  const [path, setPath] = useState('');
  useEffect(() => setPath(wanted?.name ?? ''), [wanted]);
  return (
    <Modal opened={wanted !== undefined} onClose={() => answer('')} title={wanted?.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) answer(path.trim());
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('frame.path.label')}
            value={path}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--as-mono)' } }}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed">
            {t('frame.path.hint')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => answer('')}>
              {t('frame.cancel')}
            </Button>
            <Button type="submit" disabled={!path.trim()}>
              {wanted?.save ? t('frame.path.save') : t('frame.path.open')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
