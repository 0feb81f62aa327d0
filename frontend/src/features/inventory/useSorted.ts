import { useMemo, useState } from 'react';
import type { Sorting } from './Grid';

/** useSorted sorts what is here as a whole: as it came until a head is pressed. */
export function useSorted<T>(
  items: T[],
  orders: Record<string, (a: T, b: T) => number>,
  falling: readonly string[],
): { sorted: T[]; sorting: Sorting } {
  const [{ by, desc }, setOrder] = useState({ by: '', desc: false });
  const sorted = useMemo(() => {
    const order = orders[by];
    if (!order) return items;
    return [...items].sort((a, b) => (desc ? -order(a, b) : order(a, b)));
  }, [items, orders, by, desc]);
  const onSort = (next: string) => setOrder({ by: next, desc: next === by ? !desc : falling.includes(next) });
  return { sorted, sorting: { by, desc, onSort } };
}
