import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useCommand } from '../../commands';
import classes from './Words.module.css';

const pause = 200; // milliseconds after the last key

interface WordsProps {
  label: string;
  text: string;
  /** the command that brings the keyboard here */
  command: string;
  onText(text: string): void;
  focusList(): void;
}

/** Words narrow a list; / brings the keyboard here, Enter and Escape bring it back. */
export function Words({ label, text, command, onText, focusList }: WordsProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const apply = useDebouncedCallback((next: string) => onText(next.trim()), pause);
  useEffect(() => {
    apply.cancel(); // words that were just typed would come back
    setTyped(text);
  }, [text, apply]);
  useCommand(command, () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <TextInput
      ref={input}
      size="xs"
      type="search"
      className={classes.words ?? ''}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.stopPropagation();
        if (event.key === 'Escape') setTyped('');
        apply.cancel();
        onText(event.key === 'Escape' ? '' : typed.trim());
        focusList();
      }}
    />
  );
}
