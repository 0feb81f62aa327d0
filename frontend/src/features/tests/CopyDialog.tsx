import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiError, api } from '../../api';
import { t } from '../../i18n';
import { openTemplate } from './acts';
import { useRenewLibrary } from './queries';

/** CopyDialog asks for the id of a template of one's own that begins as a copy of another. */
export function CopyDialog({ from, onClose }: { from: string; onClose(): void }) {
  const [id, setId] = useState(`my-${from}`);
  const [problem, setProblem] = useState('');
  const renew = useRenewLibrary();
  const make = async () => {
    try {
      const { id: made } = await api.tests.Copy({ from, id: id.trim() });
      renew();
      openTemplate(made);
      onClose();
    } catch (reason) {
      const { message, hint } = ApiError.from(reason);
      setProblem(`${message} ${hint}`.trim());
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('tests.own.copyTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          data-autofocus
          label={t('tests.own.id')}
          description={t('tests.own.idHelp')}
          value={id}
          error={problem || undefined}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('tests.cancel')}
          </Button>
          <Button type="submit" disabled={id.trim() === ''}>
            {t('tests.own.copyStart')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
