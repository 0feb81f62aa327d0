// What the watch asks Go. Threats are asked for again when the watch saw something or a person said something of it; what
// was watched, and who sent it, also when traffic came of which there is nothing to say.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { api, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';
import { usePages } from '../inventory/usePages';
import { actorFalling, falling } from './columns';
import type { ActorFilter, ActorSort, Filter, Range, Sort } from './store';

const key = 'threats';
const every = 300; // milliseconds: at most so often while things are seen
const now = 30_000; // milliseconds after which a timeline that ends now is drawn anew
const changed = ({ watch, missed }: Pulse) => watch || missed;

const traffic = 'watched';
const often = 1000;
const came = ({ watch, missed, changed, ended }: Pulse) =>
  watch || missed || changed.length + ended.length > 0;

/** useRenewThreats gives what asks for everything anew, after a person has changed something. */
export function useRenewThreats(): () => Promise<void> {
  const threats = useRenewed(key);
  const watched = useRenewed(traffic);
  return async () => {
    await Promise.all([threats(), watched()]);
  };
}

/** useFreshThreats asks anew when Go says that something changed; mounted once, by the screen. */
export function useFreshThreats(): void {
  useFreshOn(key, every, changed);
  useFreshOn(traffic, every, changed);
  useFreshOn(traffic, often, came);
}

export function useSummary() {
  return useQuery({ queryKey: [traffic, 'summary'], queryFn: () => api.threats.Summary({}) });
}

export function useTimeline(range: Range) {
  return useQuery({
    queryKey: [key, 'timeline', range],
    queryFn: () => api.threats.Timeline({ range }),
    placeholderData: keepPreviousData,
    refetchInterval: now,
  });
}

export function useThreat(id: string) {
  return useQuery({
    queryKey: [key, 'one', id],
    queryFn: () => api.threats.Get({ id }),
    enabled: id !== '',
  });
}

/** useMoments gives more of a timeline than came with the threat. */
export function useMoments(id: string, pages: number, first: number) {
  return useQueries({
    queries: Array.from({ length: pages }, (_, n) => ({
      queryKey: [key, 'moments', id, first * (n + 1)],
      queryFn: () => api.threats.Moments({ id, from: first * (n + 1) }),
    })),
  });
}

export function useRules() {
  return useQuery({ queryKey: [key, 'rules'], queryFn: () => api.threats.Rules({}) });
}

export function useActor(actor: string) {
  return useQuery({
    queryKey: [traffic, 'actor', actor],
    queryFn: () => api.threats.Actor({ key: actor }),
    enabled: actor !== '',
  });
}

export function useIdentity() {
  return useQuery({ queryKey: [traffic, 'identity'], queryFn: () => api.threats.Identity({}) });
}

export function useScopes(ids: readonly string[]) {
  return useQuery({
    queryKey: [key, 'scopes', ids],
    queryFn: () => api.threats.Scopes({ ids: [...ids] }),
    enabled: ids.length > 0,
  });
}

/** useThreatPages gives threats by their place in the list. Go's usual order is the falling one here. */
export function useThreatPages(filter: Filter, sort: Sort, desc: boolean) {
  return usePages([key, 'list', filter, sort, desc], (from, limit) =>
    api.threats.List({ ...filter, sort, desc: falling.includes(sort) !== desc, from, limit }),
  );
}

/** useActorPages gives actors by their place in the list. */
export function useActorPages(filter: ActorFilter, sort: ActorSort, desc: boolean) {
  return usePages([traffic, 'actors', filter, sort, desc], (from, limit) =>
    api.threats.Actors({ ...filter, sort, desc: actorFalling.includes(sort) !== desc, from, limit }),
  );
}
