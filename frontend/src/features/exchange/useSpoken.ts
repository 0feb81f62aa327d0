import { useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';

const between = 3000; // milliseconds between two announcements
const longest = 400; // characters of one

/** sentences gives what of a text, from an offset on, is whole sentences, and where they end. */
export function sentences(text: string, from: number): { said: string; end: number } {
  const rest = text.slice(from);
  const end = Math.max(...[...rest.matchAll(/[.!?。！？…](?=\s|$)|\n/g)].map((mark) => mark.index + 1), 0);
  return { said: rest.slice(0, end).replace(/\s+/g, ' ').trim().slice(-longest), end: from + end };
}

/** useSpoken says politely, in sentences, what of an answer arrived, for those who hear the window. */
export function useSpoken(answer: go.ChatPart[], live: boolean): string {
  const [spoken, setSpoken] = useState('');
  const state = useRef({ end: 0, last: 0, was: false });
  const text = answer.filter((part) => part.kind === 'text').reduce((all, part) => all + part.text, '');
  useEffect(() => {
    const own = state.current;
    if (!live) {
      if (own.was) setSpoken(t('exchange.chat.ended'));
      own.was = false;
      return;
    }
    if (!own.was) Object.assign(own, { was: true, end: text.length });
    if (Date.now() - own.last < between) return;
    const { said, end } = sentences(text, own.end);
    if (said) {
      Object.assign(own, { end, last: Date.now() });
      setSpoken(said);
    }
  }, [text, live]);
  return spoken;
}
