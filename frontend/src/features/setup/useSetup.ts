import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go, onPulse } from '../../api';
import { notifyError } from '../../frame/notify';

const statusKey = ['setup', 'status'];
/** Counting is cheap but not free: at most this often, in milliseconds. */
const every = 700;

/** useStatus says what goes on, fresh while traffic arrives. */
export function useStatus() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      client.invalidateQueries({ queryKey: statusKey });
    };
    const stop = onPulse(() => {
      timer ??= setTimeout(refresh, every);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  return useQuery({ queryKey: statusKey, queryFn: () => api.setup.Status({}) });
}

/** useFound lists what is on this machine; it is asked again when the recorder's address changes. */
export function useFound(listen: string) {
  return useQuery({
    queryKey: ['setup', 'found', listen],
    queryFn: () => api.setup.Found({}),
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
}

/** useAct runs something that answers with a new status, or makes the status stale. */
export function useAct<In>(run: (input: In) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onError: notifyError,
    onSettled: () => {
      client.invalidateQueries({ queryKey: statusKey });
      client.invalidateQueries({ queryKey: ['session'] });
    },
  });
}

export type Status = go.SetupStatus;
