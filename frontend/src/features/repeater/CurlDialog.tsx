import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../i18n';
import { useActs } from './acts';

/** CurlDialog makes a request of a curl command that somebody has copied. */
export function CurlDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const [text, setText] = useState('');
  const acts = useActs();
  const make = async () => {
    onClose();
    await acts.make({ curl: text });
    setText('');
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('repeater.curl.title')} size="lg">
      <Textarea
        data-autofocus
        autosize
        minRows={6}
        maxRows={16}
        spellCheck={false}
        label={t('repeater.curl.label')}
        description={t('repeater.curl.help')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('repeater.curl.cancel')}
        </Button>
        <Button disabled={!text.trim()} onClick={() => void make()}>
          {t('repeater.curl.make')}
        </Button>
      </Group>
    </Modal>
  );
}
