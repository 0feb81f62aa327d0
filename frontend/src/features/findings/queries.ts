// What the screen asks Go. All of it is asked again when a run came further or a finding changed.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api, type go, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';
import { falling } from './columns';
import type { Filter, Sort } from './store';

const key = 'findings';
const every = 500; // milliseconds: at most so often while a run is at work
const changed = ({ tests, missed }: Pulse) => tests || missed;

/** SIZE is how many findings one page holds. */
export const SIZE = 200;

/** useRenewFindings gives what asks for everything anew, after a person has changed something. */
export const useRenewFindings = () => useRenewed(key);

/** useFreshFindings asks anew when Go says that something changed; mounted once, by the screen. */
export const useFreshFindings = () => useFreshOn(key, every, changed);

export function useSummary() {
  return useQuery({ queryKey: [key, 'summary'], queryFn: () => api.findings.Summary({}) });
}

export function useFinding(id: string) {
  return useQuery({
    queryKey: [key, 'one', id],
    queryFn: () => api.findings.Get({ id }),
    enabled: id !== '',
  });
}

// Go's usual order begins with the worst, the newest and the most, which is the falling one here.
const turned = (sort: Sort, desc: boolean) => falling.includes(sort) !== desc;

/** usePages gives findings by their place in the list; only the pages in sight are asked for. */
export function usePages(filter: Filter, sort: Sort, desc: boolean) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const wanted = useMemo(
    () => Array.from({ length: range.last - range.first + 1 }, (_, n) => range.first + n),
    [range],
  );
  const pages = useQueries({
    queries: wanted.map((page) => ({
      queryKey: [key, 'list', filter, sort, desc, page],
      queryFn: () =>
        api.findings.List({ ...filter, sort, desc: turned(sort, desc), from: page * SIZE, limit: SIZE }),
      placeholderData: keepPreviousData,
    })),
  });
  const rows = new Map<number, go.FindingsOut>();
  wanted.forEach((page, n) => {
    const out = pages[n]?.data;
    if (out) rows.set(page, out);
  });
  const first = pages.find(({ data }) => data);
  const want = useCallback((from: number, end: number) => {
    const next = { first: Math.floor(from / SIZE), last: Math.floor(Math.max(from, end - 1) / SIZE) };
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);
  return {
    total: first?.data?.total,
    at: (index: number) => rows.get(Math.floor(index / SIZE))?.items[index % SIZE],
    error: pages.find(({ error }) => error)?.error ?? null,
    busy: pages.some(({ isPlaceholderData }) => isPlaceholderData),
    version: pages.reduce((sum, { dataUpdatedAt }) => sum + dataUpdatedAt, 0),
    want,
  };
}
