import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import classes from './FindBar.module.css';
import { find, mark, unmark } from './find';

/** FindBar finds a text in what an element shows, without case, and goes from match to match. */
export function FindBar({ target }: { target: RefObject<HTMLElement | null> }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [matches, setMatches] = useState<Range[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const go = (by: number) => {
    const found = target.current && text ? find(target.current, text) : [];
    const next = found.length ? (at + by + found.length) % found.length : 0;
    setMatches(found);
    setAt(next);
    mark(found, next);
  };
  const close = () => {
    setOpen(false);
    unmark();
    target.current?.focus();
  };
  useCommand('exchange.find', () => {
    setOpen(true);
    requestAnimationFrame(() => input.current?.select());
  });
  useCommand('exchange.next', () => go(1), open);
  useCommand('exchange.previous', () => go(-1), open);
  useEffect(() => {
    if (!open) return;
    const found = target.current && text ? find(target.current, text) : [];
    setMatches(found);
    setAt(0);
    mark(found, 0);
    return unmark;
  }, [open, text, target]);
  if (!open) return null;
  return (
    <search className={classes.bar}>
      <TextInput
        ref={input}
        size="xs"
        value={text}
        autoFocus
        aria-label={t('exchange.find.command')}
        placeholder={t('exchange.find.command')}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') {
            event.stopPropagation();
            close();
          }
        }}
      />
      <span className={classes.count} role="status">
        {text && t('exchange.find.count', { at: matches.length ? at + 1 : 0, count: matches.length })}
      </span>
      <ActionIcon variant="subtle" aria-label={t('exchange.find.previous')} onClick={() => go(-1)}>
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('exchange.find.next')} onClick={() => go(1)}>
        <IconChevronDown size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('exchange.find.close')} onClick={close}>
        <IconX size={16} />
      </ActionIcon>
    </search>
  );
}
