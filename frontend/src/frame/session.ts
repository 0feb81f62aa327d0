import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, onPulse } from '../api';

/** useSession gives Session.State, fresh at each pulse that says it changed. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: () => api.session.State({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** useOpenProject tells begin which project is open, and again when it is another one; begin stays the same function. */
export function useOpenProject(begin: (path: string) => void): void {
  const path = useSession().data?.project.path ?? '';
  useEffect(() => {
    if (path) begin(path);
  }, [path, begin]);
}

/** useSummary gives what the open project holds, at most a second old. */
export function useSummary() {
  const open = useSession().data?.project.open ?? false;
  return useQuery({ queryKey: ['summary'], queryFn: () => api.session.Summary({}), enabled: open });
}

const countEvery = 1000; // milliseconds

/** useSessionPulse keeps useSession and useSummary fresh; mounted once, by the frame. */
export function useSessionPulse() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      timer = undefined;
      client.invalidateQueries({ queryKey: ['summary'] });
    };
    const stop = onPulse((pulse) => {
      if (pulse.state) client.invalidateQueries({ queryKey: ['session'] });
      if (pulse.missed || pulse.ended.length > 0 || pulse.changed.length > 0) {
        timer ??= setTimeout(count, countEvery);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  useFreshProject(client);
}

// Another project: nothing that was asked before is true any more.
function useFreshProject(client: QueryClient) {
  const path = useSession().data?.project.path;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it is about
  useEffect(() => {
    client.resetQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  }, [client, path]);
}
