import { useState } from 'react';
import { useKeyboardHere, useListKeys } from './useList';
import { useSorted } from './useSorted';

interface SortedList<T> {
  /** whose keys walk through it: "inventory" of inventory.next */
  feature: string;
  items: T[];
  orders: Record<string, (a: T, b: T) => number>;
  falling: readonly string[];
  /** the id of what is open; empty for nothing */
  open: string;
  onOpen(id: string): void;
  focusList(): void;
}

/** useSortedList is a list that is here as a whole: its order, where the keyboard is in it, and what the keys do. */
export function useSortedList<T extends { id: string }>(list: SortedList<T>) {
  const { feature, items, orders, falling, open, onOpen, focusList } = list;
  const [cursor, setCursor] = useState(-1);
  const { sorted, sorting } = useSorted(items, orders, falling);
  const at = (index: number) => sorted[index];
  const show = (index: number) => {
    const id = at(index)?.id;
    if (id) onOpen(id);
  };
  const move = (index: number) => {
    setCursor(index);
    if (open) show(index);
  };
  const close = () => {
    onOpen('');
    focusList();
  };
  useListKeys({
    feature,
    count: sorted.length,
    cursor,
    onMove: move,
    onOpen: show,
    onClose: open ? close : null,
  });
  useKeyboardHere(focusList);
  return {
    /** the row where the keyboard is */
    here: at(cursor),
    /** what the Grid is told of the rows */
    rows: {
      count: sorted.length,
      at,
      keyOf: ({ id }: T) => id,
      cursor,
      sorting,
      onMove: move,
      onOpen: show,
      opensAtOnce: true,
    },
  };
}
