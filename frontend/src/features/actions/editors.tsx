// Where colour, tags and note of exchanges are written: the same three wherever an exchange appears.
import { Button, Stack, TagsInput, Textarea } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api } from '../../api';
import { t } from '../../i18n';
import { mark } from './act';
import classes from './actions.module.css';

interface EditorProps<T> {
  ids: string[];
  /** what stands there now, of the first of them */
  now: T;
  onDone(): void;
}

const colours = {
  red: () => t('actions.colour.red'),
  orange: () => t('actions.colour.orange'),
  yellow: () => t('actions.colour.yellow'),
  green: () => t('actions.colour.green'),
  blue: () => t('actions.colour.blue'),
  purple: () => t('actions.colour.purple'),
} as const;

/** walk moves the focus among the buttons of a row by arrow keys. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const all = [...event.currentTarget.querySelectorAll('button')];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  all[(at + by + all.length) % all.length]?.focus();
}

/** ColourPicker gives exchanges a colour; the one they have is taken away. */
export function ColourPicker({ ids, now, onDone }: EditorProps<string>) {
  return (
    <div className={classes.swatches} role="toolbar" aria-label={t('actions.colour.title')} onKeyDown={walk}>
      {Object.entries(colours).map(([colour, name]) => (
        <button
          key={colour}
          type="button"
          className={classes.swatch}
          data-colour={colour}
          aria-pressed={now === colour}
          aria-label={name()}
          title={name()}
          onClick={() => {
            void mark(ids, { colour: now === colour ? '' : colour });
            onDone();
          }}
        >
          {now === colour && <IconCheck size={14} />}
        </button>
      ))}
    </div>
  );
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
