// What the screen asks Go. All of it is asked again when a run came further or a finding changed.
import { useQuery } from '@tanstack/react-query';
import { api, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';
import { usePages } from '../inventory/usePages';
import { falling } from './columns';
import type { Filter, Sort } from './store';

const key = 'findings';
const every = 500; // milliseconds: at most so often while a run is at work
const changed = ({ tests, missed }: Pulse) => tests || missed;

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

/** useFindingPages gives findings by their place in the list. */
export function useFindingPages(filter: Filter, sort: Sort, desc: boolean) {
  return usePages([key, 'list', filter, sort, desc], (from, limit) =>
    api.findings.List({ ...filter, sort, desc: turned(sort, desc), from, limit }),
  );
}
