import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { exportTo } from './act';
import type { Ask } from './ExchangeMenu';
import { NoteEditor, TagEditor } from './editors';

interface DialogsProps {
  ids: string[];
  asked: Ask;
  onClose(): void;
}

const titles: Record<Ask, () => string> = {
  tags: () => t('actions.tags.item'),
  note: () => t('actions.note.item'),
  export: () => t('actions.exporting.title'),
};

/** Dialogs ask what a menu item alone cannot. */
export function Dialogs({ ids, asked, onClose }: DialogsProps) {
  return (
    <Modal opened onClose={onClose} title={titles[asked]()}>
      {asked === 'export' ? (
        <ExportForm ids={ids} onDone={onClose} />
      ) : (
        <Editor ids={ids} asked={asked} onDone={onClose} />
      )}
    </Modal>
  );
}

function Editor({ ids, asked, onDone }: { ids: string[]; asked: Ask; onDone(): void }) {
  const id = ids[0] ?? '';
  const { data: row } = useQuery({
    queryKey: ['exchange', 'row', id],
    queryFn: () => api.exchange.Row({ id }),
    staleTime: 0,
  });
  if (!row) return <Loading rows={2} />;
  if (asked === 'tags') return <TagEditor ids={ids} now={row.tags} onDone={onDone} />;
  return <NoteEditor ids={ids} now={row.note} onDone={onDone} />;
}

/** ExportForm asks which exchanges are exported, and as what. */
export function ExportForm({ ids, onDone }: { ids: string[]; onDone(): void }) {
  const [format, setFormat] = useState('har');
  const [what, setWhat] = useState(ids.length > 1 ? 'chosen' : 'list');
  const start = async () => {
    onDone();
    if (what === 'chosen') return exportTo(format, { ids });
    const { useTraffic } = await import('../traffic/store');
    const { query, filterOn } = useTraffic.getState();
    return exportTo(format, { query: filterOn ? query : '' });
  };
  return (
    <Stack>
      <SegmentedControl
        aria-label={t('actions.exporting.what')}
        value={what}
        onChange={setWhat}
        data={[
          { value: 'list', label: t('actions.exporting.list') },
          {
            value: 'chosen',
            label: t('actions.exporting.chosen', { n: ids.length }),
            disabled: ids.length === 0,
          },
        ]}
      />
      <SegmentedControl
        aria-label={t('actions.exporting.format')}
        value={format}
        onChange={setFormat}
        data={[
          { value: 'har', label: t('actions.exporting.har') },
          { value: 'jsonl', label: t('actions.exporting.jsonl') },
          { value: 'curl', label: t('actions.exporting.curl') },
        ]}
      />
      <Text size="sm" c="dimmed">
        {t('actions.exporting.sealed')}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('actions.cancel')}
        </Button>
        <Button data-autofocus onClick={() => void start()}>
          {t('actions.exporting.start')}
        </Button>
      </Group>
    </Stack>
  );
}
