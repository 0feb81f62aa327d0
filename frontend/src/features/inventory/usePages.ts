import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

/** SIZE is how many lines one page holds. */
export const SIZE = 200;

/** A page of a list, as Go gives it. */
interface Page<T> {
  total: number;
  items: T[];
}

/** usePages gives lines by their place in a list; only the pages in sight are asked for. of names the list in the cache. */
export function usePages<T, P extends Page<T> = Page<T>>(
  of: readonly unknown[],
  load: (from: number, limit: number) => Promise<P & Page<T>>,
) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const wanted = useMemo(
    () => Array.from({ length: range.last - range.first + 1 }, (_, n) => range.first + n),
    [range],
  );
  const pages = useQueries({
    queries: wanted.map((page) => ({
      queryKey: [...of, page],
      queryFn: () => load(page * SIZE, SIZE),
      placeholderData: keepPreviousData,
    })),
  });
  const rows = new Map<number, T[]>();
  wanted.forEach((page, n) => {
    const out = pages[n]?.data;
    if (out) rows.set(page, out.items);
  });
  const want = useCallback((from: number, end: number) => {
    const next = { first: Math.floor(from / SIZE), last: Math.floor(Math.max(from, end - 1) / SIZE) };
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);
  const first = pages.find(({ data }) => data)?.data;
  return {
    /** a page with all that Go says of the list beside its lines */
    first,
    total: first?.total,
    at: (index: number) => rows.get(Math.floor(index / SIZE))?.[index % SIZE],
    error: pages.find(({ error }) => error)?.error ?? null,
    busy: pages.some(({ isPlaceholderData }) => isPlaceholderData),
    version: pages.reduce((sum, { dataUpdatedAt }) => sum + dataUpdatedAt, 0),
    want,
  };
}

/** Pages are lines of a list, by their place. */
export type Pages<T> = ReturnType<typeof usePages<T>>;
