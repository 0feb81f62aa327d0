// What the watch sees in the exchange that is open, by the texts of its chat.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { api, type go, onPulse } from '../../api';
import { t } from '../../i18n';
import { signWord } from '../threats/parts';

/** A stretch of a text that is marked, in UTF-16 units, and why. */
export interface Mark {
  from: number;
  to: number;
  title: string;
}

const none: readonly Mark[] = [];

/** Signs are the marks of a chat, by the name of the text. */
export const Signs = createContext<ReadonlyMap<string, readonly Mark[]>>(new Map());

/** useMarks gives the marks of one text, in order and without overlap. */
export const useMarks = (at: string): readonly Mark[] => useContext(Signs).get(at) ?? none;

const stands = 120; // milliseconds: who walks through a list does not want every exchange looked at

/** useSigns asks Go to look at an exchange that has ended, off the way of the list and of the chat itself. */
export function useSigns(id: string, ended: boolean) {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(id), stands);
    return () => clearTimeout(timer);
  }, [id]);
  const { data, refetch } = useQuery({
    queryKey: ['threats', 'signs', id],
    queryFn: () => api.threats.Signs({ id }),
    enabled: ended && settled === id,
    retry: false, // the chat is there without it
  });
  useEffect(
    () =>
      onPulse(({ watch, changed, missed }) => {
        if (watch && (missed || changed.includes(id))) void refetch();
      }),
    [id, refetch],
  );
  const marks = useMemo(() => marksOf(data?.signs ?? []), [data]);
  return { out: data, marks };
}

/** titleOf says what a sign is and what spoke of it. */
export const titleOf = ({ sign, rule }: go.SignMark): string =>
  [rule && t('threats.chat.by', { rule }), signWord(sign), sign.why].filter(Boolean).join('\n');

/** marksOf sorts signs by their texts; where several meet, what they say is said together. */
export function marksOf(signs: readonly go.SignMark[]): ReadonlyMap<string, readonly Mark[]> {
  const by = new Map<string, Mark[]>();
  for (const sign of signs) {
    if (!sign.at || sign.to <= sign.from) continue;
    by.set(sign.at, [...(by.get(sign.at) ?? []), { from: sign.from, to: sign.to, title: titleOf(sign) }]);
  }
  return new Map([...by].map(([at, marks]) => [at, apart(marks)]));
}

/** apart cuts marks where one begins or ends within another. */
export function apart(marks: readonly Mark[]): Mark[] {
  const cuts = [...new Set(marks.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const parts: Mark[] = [];
  for (let n = 0; n + 1 < cuts.length; n++) {
    const [from, to] = [cuts[n] ?? 0, cuts[n + 1] ?? 0];
    const over = marks.filter((mark) => mark.from <= from && mark.to >= to);
    if (over.length === 0) continue;
    const title = [...new Set(over.map((mark) => mark.title))].join('\n\n');
    const last = parts.at(-1);
    if (last && last.to === from && last.title === title) last.to = to;
    else parts.push({ from, to, title });
  }
  return parts;
}

/** within gives the marks of a stretch of a text, counted from where it begins. */
export function within(marks: readonly Mark[], start: number, length: number): Mark[] {
  return marks
    .map(({ from, to, title }) => ({
      from: Math.max(from - start, 0),
      to: Math.min(to - start, length),
      title,
    }))
    .filter(({ from, to }) => to > from);
}
