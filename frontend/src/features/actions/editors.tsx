// Where tags and note of exchanges are written: the same two wherever an exchange appears.
import { Button, TagsInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api';
import { t } from '../../i18n';
import classes from './actions.module.css';
import { markNote, markTags } from './marks';

interface EditorProps<T> {
  ids: string[];
  /** what stands there now; nothing where there are several */
  now: T;
  onDone(): void;
}

/** TagEditor replaces the tags of one exchange, and adds tags to several. */
export function TagEditor({ ids, now, onDone }: EditorProps<string[]>) {
  const [tags, setTags] = useState(ids.length > 1 ? [] : now);
  const { data } = useQuery({
    queryKey: ['traffic', 'facets'],
    queryFn: () => api.traffic.Facets({}),
    staleTime: 0,
  });
  const save = () => {
    void markTags(ids, tags);
    onDone();
  };
  return (
    <Form onSave={save}>
      <TagsInput
        data-autofocus
        label={t('actions.tags.label', { n: ids.length })}
        description={t('actions.tags.help')}
        data={data?.tags ?? []}
        value={tags}
        onChange={setTags}
        classNames={{ inputField: classes.bare ?? '' }}
        comboboxProps={{ withinPortal: false }}
        onKeyDown={(event) => {
          // Enter takes what is typed; with nothing typed it is done
          if (event.key !== 'Enter' || event.currentTarget.value !== '') return;
          event.preventDefault();
          save();
        }}
      />
    </Form>
  );
}

/** NoteEditor replaces the note of exchanges. */
export function NoteEditor({ ids, now, onDone }: EditorProps<string>) {
  const [note, setNote] = useState(ids.length > 1 ? '' : now);
  const save = () => {
    void markNote(ids, note.trim());
    onDone();
  };
  return (
    <Form onSave={save}>
      <Textarea
        data-autofocus
        label={t('actions.note.label', { n: ids.length })}
        description={t('actions.note.help')}
        autosize
        minRows={3}
        maxRows={10}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
    </Form>
  );
}

function Form({ onSave, children }: { onSave(): void; children: ReactNode }) {
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      {children}
      <Button mt="xs" size="compact-sm" type="submit">
        {t('actions.save')}
      </Button>
    </form>
  );
}
