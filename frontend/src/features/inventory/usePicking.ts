import { useRef, useState } from 'react';
import { useCommand } from '../../commands';
import { useKeyboardHere, useListKeys } from './useList';

interface PickingOptions {
  /** the name that the commands of the list begin with */
  feature: string;
  total: number;
  at(index: number): { id: string } | undefined;
  /** the row that is open; empty for none */
  open: string;
  picked: ReadonlySet<string>;
  onOpen(id: string): void;
  onPick(picked: ReadonlySet<string>): void;
  focusList(): void;
}

/** usePicking walks a list whose rows can be opened, and chosen together: with Shift from the last one, with Ctrl one more. */
export function usePicking({ feature, total, at, open, picked, onOpen, onPick, focusList }: PickingOptions) {
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(-1);
  const show = (index: number) => {
    const id = at(index)?.id;
    if (id) onOpen(id);
  };
  const between = (first: number, last: number) =>
    new Set(Array.from({ length: last - first + 1 }, (_, n) => at(first + n)?.id ?? '').filter(Boolean));
  const move = (index: number, { ctrl, shift }: { ctrl: boolean; shift: boolean }) => {
    setCursor(index);
    const id = at(index)?.id;
    if (shift) {
      const from = anchor.current < 0 ? index : anchor.current;
      onPick(between(Math.min(from, index), Math.max(from, index)));
      return;
    }
    anchor.current = index;
    if (!id) return;
    const next = new Set(ctrl ? picked : []);
    if (!ctrl || !next.delete(id)) next.add(id);
    onPick(next);
    if (open && !ctrl) onOpen(id);
  };
  const close = () => {
    onOpen('');
    focusList();
  };
  useListKeys({
    feature,
    count: total,
    cursor,
    onMove: (index) => move(index, { ctrl: false, shift: false }),
    onOpen: show,
    onClose: open ? close : null,
  });
  useCommand(`${feature}.all`, () => onPick(between(0, total - 1)));
  useKeyboardHere(focusList);
  const here = at(cursor)?.id;
  const chosen = picked.size > 0 ? [...picked] : here ? [here] : [];
  return { cursor, chosen, show, move };
}
