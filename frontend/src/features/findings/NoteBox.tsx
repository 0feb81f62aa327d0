import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../i18n';
import { tried } from '../actions/act';
import classes from './findings.module.css';

interface NoteBoxProps {
  feature: 'findings' | 'threats';
  note: string;
  onSave(note: string): Promise<void>;
}

/** NoteBox is what a person writes of a finding or a threat. */
export function NoteBox({ feature, note, onSave }: NoteBoxProps) {
  const [text, setText] = useState(note);
  return (
    <Stack gap="xs" className={classes.narrow ?? ''}>
      <Textarea
        aria-label={t(`${feature}.part.note`)}
        placeholder={t(`${feature}.note.placeholder`)}
        autosize
        minRows={2}
        maxRows={12}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        size="compact-sm"
        variant="default"
        className={classes.fit ?? ''}
        disabled={text === note}
        onClick={() => void tried(() => onSave(text))}
      >
        {t(`${feature}.note.save`)}
      </Button>
    </Stack>
  );
}
