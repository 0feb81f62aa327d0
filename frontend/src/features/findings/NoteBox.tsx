import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { tried } from '../actions/act';
import classes from './findings.module.css';
import type { JudgedWords } from './Judged';

interface NoteBoxProps {
  words: JudgedWords;
  note: string;
  onSave(note: string): Promise<void>;
}

/** NoteBox is what a person writes of a finding or a threat. */
export function NoteBox({ words, note, onSave }: NoteBoxProps) {
  const [text, setText] = useState(note);
  return (
    <Stack gap="xs" className={classes.narrow ?? ''}>
      <Textarea
        aria-label={words.note}
        placeholder={words.notePlaceholder}
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
        {words.noteSave}
      </Button>
    </Stack>
  );
}
