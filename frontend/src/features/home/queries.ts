// What the screen asks Go. All of it is asked again when tests, the watch or the inventory have news.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';
import { useSession } from '../../frame/session';

const key = 'posture';
const again = 15_000; // milliseconds: a snapshot is taken a while after what it is about, and tells nobody
const every = 2000; // milliseconds: how things stand is worked out at most so often while traffic comes in
const changed = ({ tests, watch, guard, inventory, ended, missed }: Pulse) =>
  tests || watch || guard || inventory > 0 || ended.length > 0 || missed;

/** useFreshHome asks anew when Go says that something changed; mounted once, by the screen. */
export const useFreshHome = () => useFreshOn(key, every, changed);

/** useRenewHome gives what asks for everything anew, after a person has changed something. */
export const useRenewHome = () => useRenewed(key);

/** useWritable tells whether the open project can be written to. */
export function useWritable(): boolean {
  const project = useSession().data?.project;
  return !!project?.open && !project.read_only;
}

export const useStood = () => useQuery({ queryKey: [key, 'stood'], queryFn: () => api.home.Stood({}) });

/** usePosture gives how things stand in the project, or in a part of it. */
export const usePosture = (of: string) =>
  useQuery({
    queryKey: [key, 'score', of],
    queryFn: () => api.home.Posture({ of }),
    refetchInterval: again,
  });

export const useAssets = () => useQuery({ queryKey: [key, 'assets'], queryFn: () => api.home.Assets({}) });

export const useCriticals = () =>
  useQuery({ queryKey: [key, 'criticals'], queryFn: () => api.home.Criticals({}) });

export const useCoverage = (framework: string) =>
  useQuery({
    queryKey: [key, 'coverage', framework],
    queryFn: () => api.home.Coverage({ framework }),
    placeholderData: keepPreviousData,
  });

export const useRequirements = () =>
  useQuery({ queryKey: [key, 'requirements'], queryFn: () => api.home.Requirements({}) });

export const useSeen = () => useQuery({ queryKey: [key, 'seen'], queryFn: () => api.home.Seen({}) });
