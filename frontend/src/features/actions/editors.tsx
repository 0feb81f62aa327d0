// Where tags and note of exchanges are written: the same two wherever an exchange appears.
import { Button, Stack, TagsInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api';
import { t } from '../../i18n';
import { mark } from './act';

interface EditorProps<T> {
  ids: string[];
  /** what stands there now, of the first of them */
  now: T;
  onDone(): void;
}

/** TagEditor replaces the tags of exchanges. */
export function TagEditor({ ids, now, onDone }: EditorProps<string[]>) {
  const [tags, setTags] = useState(now);
  const { data } = useQuery({ queryKey: ['traffic', 'facets'], queryFn: () => api.traffic.Facets({}) });
  const save = () => {
    void mark(ids, { tags });
    onDone();
  };
  return (
    <Stack>
      <TagsInput
        data-autofocus
        label={t('actions.tags.label')}
        description={t('actions.tags.help')}
        data={data?.tags ?? []}
        value={tags}
        onChange={setTags}
        onKeyDown={(event) => {
          // Enter takes what is typed; with nothing typed it is done
          if (event.key !== 'Enter' || event.currentTarget.value !== '') return;
          event.preventDefault();
          save();
        }}
      />
      <Button onClick={save}>{t('actions.save')}</Button>
    </Stack>
  );
}

/** NoteEditor replaces the note of exchanges. */
export function NoteEditor({ ids, now, onDone }: EditorProps<string>) {
  const [note, setNote] = useState(now);
  const save = () => {
    void mark(ids, { note: note.trim() });
    onDone();
  };
  return (
    <Stack>
      <Textarea
        data-autofocus
        label={t('actions.note.label')}
        description={t('actions.note.help')}
        autosize
        minRows={3}
        maxRows={12}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <Button onClick={save}>{t('actions.save')}</Button>
    </Stack>
  );
}
