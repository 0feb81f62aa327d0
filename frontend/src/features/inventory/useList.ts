import { useCallback, useEffect, useRef } from 'react';
import { useCommand } from '../../commands';

/** useListFocus gives the ref of what is around a list, and what brings the keyboard back into it. */
export function useListFocus() {
  const list = useRef<HTMLDivElement>(null);
  const focusList = useCallback(() => {
    list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
  }, []);
  return { list, focusList };
}

/** useKeyboardHere brings the keyboard into a list that just came, where it is nowhere else. */
export function useKeyboardHere(focusList: () => void): void {
  useEffect(() => {
    if (document.activeElement === document.body) focusList();
  }, [focusList]);
}

interface ListKeys {
  /** whose commands these are: "inventory" of inventory.next */
  feature: string;
  count: number;
  /** the row where the keyboard is; -1 for none */
  cursor: number;
  onMove(index: number): void;
  onOpen(index: number): void;
  /** closes what is open; null where nothing is */
  onClose: (() => void) | null;
}

/** useListKeys gives the commands next, previous, open and close of a feature to a list. */
export function useListKeys({ feature, count, cursor, onMove, onOpen, onClose }: ListKeys): void {
  const step = (by: number) => {
    const last = count - 1;
    if (last >= 0) onMove(Math.max(0, Math.min(last, cursor < 0 && by < 0 ? last : cursor + by)));
  };
  useCommand(`${feature}.next`, () => step(1));
  useCommand(`${feature}.previous`, () => step(-1));
  useCommand(`${feature}.open`, () => onOpen(cursor), cursor >= 0);
  useCommand(`${feature}.close`, () => onClose?.(), onClose !== null);
}
